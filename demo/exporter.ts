import { type ChildProcess, spawn } from 'node:child_process';
import { collectors } from '../src/collectors/index.ts';
import { environmentName } from '../src/config/option.ts';
import { listOptions } from '../src/config/options.ts';
import type { DemoOptions } from './options.ts';
import type { DemoPlaces } from './paths.ts';
import { freePort } from './ports.ts';
import type { Simulator } from './simulator.ts';
import { type Story, stories } from './story.ts';

/**
 * The simulated pools change quickly, so all collectors run often. In the environment, so that flags of the user win.
 */
function demoSettings(listen: string, story: Story): Record<string, string> {
  const flags: Record<string, string> = {
    ...story.settings,
    'web.listen-address': listen,
    'log.level': 'warn',
  };
  for (const { name } of collectors)
    Object.assign(flags, { [`collector.${name}.interval`]: '2s', [`collector.${name}.timeout`]: '1500ms' });
  flags['collector.pools.interval'] = '1s';
  flags['collector.pools.timeout'] = '900ms';
  return Object.fromEntries(
    listOptions(collectors).flatMap((option) => {
      const value = flags[option.flag];
      return value === undefined ? [] : [[environmentName(option), value]];
    }),
  );
}

export interface Started {
  readonly child: ChildProcess;
  /** Resolves with the exit code; null after a signal. */
  readonly ended: Promise<number | null>;
  /** host:port */
  readonly address: string;
  readonly url: string;
}

/** Starts `serve` of the built exporter with the simulated tools on its PATH, and simulated kernel files. */
export async function startExporter(
  { exporter: program, kernelFiles: preload }: DemoPlaces,
  simulator: Simulator,
  { story, rest }: Pick<DemoOptions, 'story' | 'rest'>,
): Promise<Started> {
  const address = givenAddress(rest) ?? `127.0.0.1:${await freePort(10058)}`;
  const child = spawn(process.execPath, ['--import', preload, program, 'serve', ...rest], {
    // Carries no messages: when the channel closes, the exporter knows that the demo has ended, even if it was killed.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl-C reaches the whole group: it would end the commands that the exporter runs at that moment, which it would report.
    detached: true,
    env: {
      ...process.env,
      ...demoSettings(address, stories[story]),
      DEMO_ROOT: simulator.root,
      PATH: `${simulator.tools}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
    },
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code));
  });
  const reached = address.replace(/^:/, 'localhost:');
  return { child, ended, address: reached, url: `http://${reached}` };
}

/** The listen address among the options of the user. */
export function givenAddress(rest: readonly string[]): string | undefined {
  const name = '--web.listen-address';
  const at = rest.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at < 0) return undefined;
  return rest[at]?.startsWith(`${name}=`) ? rest[at].slice(name.length + 1) : rest[at + 1];
}

export async function stopExporter({ child, ended }: Started): Promise<number | null> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 4000);
  const code = await ended;
  clearTimeout(late);
  return code;
}
