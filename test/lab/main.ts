import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { matrixDocument, matrixFile, recordResult } from './matrix.ts';
import { fetchTools } from './packages.ts';
import type { Places } from './places.ts';
import { missingRequirements } from './requirements.ts';
import { openRoot, type Run, runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { scenarios, tests } from './scenarios/index.ts';
import { limitOf } from './scenarios/limits.ts';
import { isSuiteName, machineSuite, type SuiteName, suiteNames } from './suites.ts';

const usage = `Usage: npm run lab -- <scenario>...   run scenarios on a real device-mapper
       npm run lab -- --list          the scenarios
       npm run lab -- --fetch         only fetch the guest's kernel and tools
       npm run lab -- --shell         a shell in the guest (disks /dev/ubda and /dev/ubdb)
       npm run lab -- --script FILE   a shell script in the guest
       … --on SUITE                   all of these with the kernel, LVM and tools of ${suiteNames.join(', ')}
       npm run lab -- --matrix [<scenario>...] [--on SUITE]...
                                      on every suite that can; results go to ${matrixFile} and ${matrixDocument}`;

const free: Omit<Scenario, 'name'> = { about: '', disks: ['6G', '2G'], steps: async () => {} };

/** The exit code: 0 when every check held. */
export async function main(argv: readonly string[], places: Places): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      shell: { type: 'boolean', default: false },
      script: { type: 'string' },
      list: { type: 'boolean' },
      fetch: { type: 'boolean' },
      matrix: { type: 'boolean', default: false },
      on: { type: 'string', multiple: true },
    },
  });
  if (values.list) return listScenarios();
  const { shell, matrix, on = matrix ? suiteNames : [machineSuite] } = values;
  const suites = suiteNames.filter((suite) => on.includes(suite));
  const script = values.script === undefined ? undefined : path.resolve(values.script);
  const unknown = [
    ...on.filter((name) => !isSuiteName(name)).map((name) => `no suite ${name}`),
    ...positionals.filter((name) => !isScenario(name)).map((name) => `no scenario ${name}`),
  ];
  if (unknown.length > 0) return refuse([...unknown, usage]);
  if (values.fetch) return fetchOnly(suites, places);
  const chosen =
    shell || script ? [{ ...free, name: script ? 'script' : 'shell' }] : choose(positionals, matrix);
  if (chosen.length === 0) return refuse([usage]);
  const runs = chosen.flatMap((scenario) =>
    suites
      .filter((suite) => !matrix || (limitOf(scenario.name)?.suites ?? suiteNames).includes(suite))
      .map((suite) => ({ scenario, on: suite, places, shell, script })),
  );
  return start(runs, matrix);
}

function isScenario(name: string): boolean {
  return scenarios.some((scenario) => scenario.name === name);
}

/** Those that only record a host have no results. */
function choose(names: readonly string[], matrix: boolean): readonly Scenario[] {
  const of = matrix ? tests : scenarios;
  return matrix && names.length === 0 ? of : of.filter(({ name }) => names.includes(name));
}

function listScenarios(): number {
  for (const { name, about } of scenarios) console.log(`${name.padEnd(22)} ${about}`);
  return 0;
}

function fetchOnly(suites: readonly SuiteName[], places: Places): number {
  const reasons = missingRequirements(suites);
  if (reasons.length > 0) return refuse(reasons);
  const say = (message: string) => console.log(message);
  try {
    const tools = fetchTools(places.cache, say);
    for (const suite of suites) openRoot(suite, tools, places, say);
    return 0;
  } catch (error) {
    return refuse([(error as Error).message]);
  }
}

function refuse(lines: readonly string[]): number {
  for (const line of lines) console.error(line);
  return 1;
}

async function start(runs: readonly Run[], isRecorded: boolean): Promise<number> {
  const reasons = [...missingRequirements(runs.map(({ on }) => on)), ...missingParts(runs)];
  if (reasons.length > 0) return refuse(reasons.map((reason) => `the lab cannot run here: ${reason}`));
  let failed = 0;
  for (const run of runs) {
    if (runs.length > 1) console.log(`--- ${run.scenario.name} on ${run.on}`);
    let { ok, result } = await runScenario(run);
    if (!ok && isRecorded) {
      // As in `npm test`: a busy machine makes a guest miss its seconds.
      console.log(`--- ${run.scenario.name} on ${run.on}, once more`);
      ({ ok, result } = await runScenario(run));
    }
    if (!ok) failed += 1;
    if (isRecorded && result) recordResult(run.places.project, run.on, result);
  }
  return failed > 0 ? 1 : 0;
}

function missingParts(runs: readonly Run[]): readonly string[] {
  return runs.some(({ scenario, places }) => scenario.needsExporter && !isBuilt(places))
    ? ['dist/main.js is not built: npm run build']
    : [];
}

function isBuilt({ project }: Places): boolean {
  return existsSync(path.join(project, 'dist/main.js'));
}
