import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bootGuest } from './boot.ts';
import type { LabResult } from './guest/result.ts';
import { fetchTools } from './packages.ts';
import type { Places } from './places.ts';
import { missingRequirements } from './requirements.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';

const usage = `Usage: npm run lab -- <scenario>...   run scenarios on a real device-mapper
       npm run lab -- --list          the scenarios
       npm run lab -- --fetch         only fetch the guest's kernel and tools
       npm run lab -- --shell         a shell in the guest (disks /dev/ubda and /dev/ubdb)
       npm run lab -- --script FILE   a shell script in the guest`;

const free: Omit<Scenario, 'name'> = { about: '', disks: ['6G', '2G'], steps: async () => {} };

/** What is to be run instead of a scenario's steps. */
interface Instead {
  readonly shell: boolean;
  readonly script: string | undefined;
}

/** The exit code: 0 when every check held. */
export async function main(argv: readonly string[], places: Places): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      shell: { type: 'boolean' },
      script: { type: 'string' },
      list: { type: 'boolean' },
      fetch: { type: 'boolean' },
    },
  });
  if (values.list) return listScenarios();
  if (values.fetch) return fetchOnly(places);
  const script = values.script === undefined ? undefined : path.resolve(values.script);
  const instead = { shell: values.shell ?? false, script };
  if (instead.shell || script)
    return start([{ ...free, name: script ? 'script' : 'shell' }], places, instead);
  const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0 || positionals.length === 0)
    return refuse([...unknown.map((name) => `no scenario ${name}`), usage]);
  return start(
    scenarios.filter(({ name }) => positionals.includes(name)),
    places,
    instead,
  );
}

function listScenarios(): number {
  for (const { name, about } of scenarios) console.log(`${name.padEnd(22)} ${about}`);
  return 0;
}

function fetchOnly({ cache }: Places): number {
  const reasons = missingRequirements();
  if (reasons.length > 0) return refuse(reasons);
  fetchTools(cache, (message) => console.log(message));
  return 0;
}

function refuse(lines: readonly string[]): number {
  for (const line of lines) console.error(line);
  return 1;
}

async function start(chosen: readonly Scenario[], places: Places, instead: Instead): Promise<number> {
  const reasons = [...missingRequirements(), ...missingParts(chosen, places)];
  if (reasons.length > 0) return refuse(reasons.map((reason) => `the lab cannot run here: ${reason}`));
  let failed = 0;
  for (const scenario of chosen) {
    if (chosen.length > 1) console.log(`--- ${scenario.name}`);
    failed += await runScenario(scenario, places, instead);
  }
  return failed > 0 ? 1 : 0;
}

function missingParts(chosen: readonly Scenario[], places: Places): readonly string[] {
  const isBuilt = existsSync(path.join(places.project, 'dist/main.js'));
  return isBuilt || !chosen.some(({ needsExporter }) => needsExporter)
    ? []
    : ['dist/main.js is not built: npm run build'];
}

async function runScenario(scenario: Scenario, places: Places, instead: Instead): Promise<number> {
  const startedAt = Date.now();
  const say = (message: string) =>
    console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} ${message}`);
  const out = path.join(places.project, 'artifacts/lab', scenario.name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  // Kept beside its output.
  if (instead.script) copyFileSync(instead.script, path.join(out, 'script.sh'));
  const tools = fetchTools(places.cache, say);
  const boot = () => bootGuest({ places, tools, scenario, out, ...instead, say });
  let end = await boot();
  if (end === 'stalled') {
    // About one boot in forty never says a word; the next one does.
    say('the guest did not start; once more');
    end = await boot();
  }
  if (end !== 'powered-off') say(`the guest was ended from outside: ${end}`);
  if (instead.shell || instead.script) return end === 'powered-off' ? 0 : 1;
  return report(out, say);
}

function report(out: string, say: (message: string) => void): number {
  const file = path.join(out, 'result.json');
  if (!existsSync(file)) {
    say(`no result; see ${path.join(out, 'console.log')} and log.txt beside it`);
    return 1;
  }
  const result = JSON.parse(readFileSync(file, 'utf8')) as LabResult;
  for (const { name, detail } of result.checks.filter(({ ok }) => !ok))
    say(`FAILED ${name}${detail ? `: ${detail}` : ''}`);
  if (result.error) say(`ERROR ${result.error}`);
  const held = result.checks.filter(({ ok }) => ok).length;
  say(`${held} of ${result.checks.length} checks held; artifacts in ${path.relative(process.cwd(), out)}`);
  return result.ok ? 0 : 1;
}
