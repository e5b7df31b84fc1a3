import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bootGuest } from './boot.ts';
import type { LabResult } from './guest/result.ts';
import type { GuestRoot } from './guest-root.ts';
import { fetchTools } from './packages.ts';
import type { Places } from './places.ts';
import type { Scenario } from './scenario.ts';
import { fetchSuite } from './suite-root.ts';
import { machineSuite, type SuiteName } from './suites.ts';

export interface Run {
  readonly scenario: Scenario;
  readonly on: SuiteName;
  readonly places: Places;
  /** What is run instead of the scenario's steps. */
  readonly shell: boolean;
  readonly script: string | undefined;
}

/** Whether it did what it should; with the result that the guest left, unless it ran something else or left none. */
export interface Outcome {
  readonly ok: boolean;
  readonly result?: LabResult;
}

export async function runScenario(run: Run): Promise<Outcome> {
  const { scenario, on, places, shell, script } = run;
  const startedAt = Date.now();
  const say = (message: string) =>
    console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} ${message}`);
  const out = outputFolder(run);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  // Kept beside its output.
  if (script) copyFileSync(script, path.join(out, 'script.sh'));
  const tools = fetchTools(places.cache, say);
  const root = openRoot(on, tools, places, say);
  const boot = () => bootGuest({ places, tools, root, scenario, out, shell, script, say });
  let end = await boot();
  if (end === 'stalled') {
    // About one boot in forty never says a word; the next one does.
    say('the guest did not start; once more');
    end = await boot();
  }
  if (end !== 'powered-off') say(`the guest was ended from outside: ${end}`);
  return shell || script ? { ok: end === 'powered-off' } : report(out, say);
}

function outputFolder({ scenario, on, places }: Run): string {
  const folder = on === machineSuite ? scenario.name : path.join(on, scenario.name);
  return path.join(places.project, 'artifacts/lab', folder);
}

export function openRoot(
  on: SuiteName,
  tools: string,
  places: Places,
  say: (message: string) => void,
): GuestRoot {
  return on === machineSuite ? machineRoot(tools, places.init) : fetchSuite(on, places.cache, say);
}

/** This machine's own files, seen through hostfs. */
function machineRoot(tools: string, init: string): GuestRoot {
  return {
    command: [path.join(tools, 'usr/bin/linux.uml')],
    tools,
    words: () => ['rootfstype=hostfs', 'rootflags=/', 'ro', `init=${init}`],
  };
}

function report(out: string, say: (message: string) => void): Outcome {
  const file = path.join(out, 'result.json');
  if (!existsSync(file)) {
    say(`no result; see ${path.join(out, 'console.log')} and log.txt beside it`);
    return { ok: false };
  }
  const result = JSON.parse(readFileSync(file, 'utf8')) as LabResult;
  for (const { name, detail } of result.checks.filter(({ ok }) => !ok))
    say(`FAILED ${name}${detail ? `: ${detail}` : ''}`);
  if (result.error) say(`ERROR ${result.error}`);
  const held = result.checks.filter(({ ok }) => ok).length;
  say(`${held} of ${result.checks.length} checks held; artifacts in ${path.relative(process.cwd(), out)}`);
  return { ok: result.ok, result };
}
