import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import type { GuestRoot } from './guest-root.ts';
import type { Places } from './places.ts';
import type { Scenario } from './scenario.ts';
import { wideRegisters } from './wide-registers.ts';

export type BootEnd = 'powered-off' | 'stalled' | 'timed-out';

export interface Boot {
  readonly places: Places;
  readonly tools: string;
  readonly root: GuestRoot;
  readonly scenario: Scenario;
  readonly out: string;
  /** An interactive shell, or a shell script, instead of the scenario's steps. */
  readonly shell: boolean;
  readonly script?: string | undefined;
  readonly say: (message: string) => void;
}

/** A boot takes three seconds; one that prints nothing for this long never will. */
const stallMs = 40_000;

/** One guest from boot to power-off. It never outlives its time. */
export async function bootGuest(boot: Boot): Promise<BootEnd> {
  const run = path.join(boot.places.cache, `run-${boot.scenario.name}-${process.pid}`);
  mkdirSync(run, { recursive: true });
  try {
    const [program = '', ...before] = boot.root.command;
    const words = [...before, ...kernelArguments(boot, makeDisks(boot.scenario, run), run)];
    const guest = spawn(program, words, {
      cwd: run,
      // The guest's processes are this one's children in a group of their own: they end together.
      detached: !boot.shell,
      env: {
        PATH: process.env['PATH'],
        TMPDIR: existsSync('/dev/shm') ? '/dev/shm' : run,
        HOME: run,
        ...wideRegisters(boot.tools, boot.places.init, run),
      },
      stdio: boot.shell ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    preferGuest(guest);
    return await watch(guest, boot);
  } finally {
    rmSync(run, { recursive: true, force: true });
  }
}

/** The guest measures time: what else this machine does should not stretch it. */
function preferGuest({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, -10);
  } catch {
    // Without the right to, it is like every other process.
  }
}

function makeDisks(scenario: Scenario, run: string): readonly string[] {
  return (scenario.disks ?? []).map((size, index) => {
    const file = path.join(run, `disk${index}.img`);
    execFileSync('truncate', ['-s', size, file]);
    return `ubd${index}=${file}`;
  });
}

function kernelArguments(boot: Boot, disks: readonly string[], run: string): readonly string[] {
  const environment = {
    ...(boot.root.tools === undefined ? {} : { LAB_TOOLS: boot.root.tools }),
    LAB_INIT: boot.places.init,
    LAB_NODE: process.execPath,
    LAB_AGENT: boot.places.agent,
    LAB_OUT: boot.out,
    LAB_SCENARIO: boot.scenario.name,
    LAB_PROJECT: boot.places.project,
    LAB_CACHE: boot.places.cache,
    ...(boot.scenario.withoutDeviceMapper ? { LAB_WITHOUT_DM: '1' } : {}),
    ...(boot.shell ? { LAB_SHELL: '1' } : {}),
    ...(boot.script ? { LAB_SCRIPT: '1' } : {}),
  };
  return [
    ...boot.root.words(run),
    ...[`mem=${boot.scenario.memory ?? '2G'}`, `uml_dir=${run}`],
    ...['con=null', 'con0=fd:0,fd:1', 'ssl=null', ...disks],
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  ];
}

function watch(guest: ChildProcess, boot: Boot): Promise<BootEnd> {
  return new Promise((resolve, reject) => {
    let end: BootEnd = 'powered-off';
    const kill = (why: BootEnd) => {
      end = why;
      killGuest(guest, !boot.shell);
    };
    const stall = setTimeout(() => kill('stalled'), boot.shell ? 2 ** 31 - 1 : stallMs);
    const limit = setTimeout(() => kill('timed-out'), boot.shell ? 2 ** 31 - 1 : timeoutMs(boot.scenario));
    const interrupt = () => kill('timed-out');
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    relayConsole(guest, boot, () => clearTimeout(stall));
    guest.once('error', reject);
    guest.once('exit', () => {
      clearTimeout(stall);
      clearTimeout(limit);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      // What the kernel left behind, such as the processes of its user space, goes with it.
      if (!boot.shell) killGuest(guest, true);
      resolve(end);
    });
  });
}

function timeoutMs(scenario: Scenario): number {
  return 1000 * (scenario.timeoutSeconds ?? 170);
}

function killGuest(guest: ChildProcess, asGroup: boolean): void {
  if (guest.pid === undefined) return;
  try {
    process.kill(asGroup ? -guest.pid : guest.pid, 'SIGKILL');
  } catch {
    // It has ended on its own.
  }
}

/** Everything goes to console.log; lines that the lab itself wrote are shown as well. */
function relayConsole(guest: ChildProcess, boot: Boot, onSign: () => void): void {
  if (!guest.stdout || !guest.stderr) return;
  const file = createWriteStream(path.join(boot.out, 'console.log'));
  guest.stderr.on('data', (bytes: Buffer) => file.write(bytes));
  let rest = '';
  guest.stdout.on('data', (bytes: Buffer) => {
    file.write(bytes);
    const lines = (rest + bytes.toString('utf8')).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines.filter((text) => text.startsWith('lab: '))) {
      onSign();
      boot.say(line.slice('lab: '.length));
    }
  });
  guest.stdout.once('close', () => file.end());
}
