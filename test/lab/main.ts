import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bootGuest } from './boot.ts';
import type { LabResult } from './guest/result.ts';
import { fetchTools } from './packages.ts';
import type { Places } from './places.ts';
import { missingRequirements } from './requirements.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';

const usage = `Usage: npm run lab -- <scenario>     run a scenario on a real device-mapper
       npm run lab -- --shell        a shell in the guest (disks /dev/ubda and /dev/ubdb)
       npm run lab -- --list         the scenarios`;

const shell: Scenario = { name: 'shell', about: '', disks: ['6G', '2G'], steps: async () => {} };

/** The exit code: 0 when every check held. */
export async function main(argv: readonly string[], places: Places): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { shell: { type: 'boolean' }, list: { type: 'boolean' } },
  });
  if (values.list) return listScenarios();
  const scenario = values.shell ? shell : scenarios.find(({ name }) => name === positionals[0]);
  if (!scenario) return refuse([positionals[0] ? `no scenario ${positionals[0]}; see --list` : usage]);
  const reasons = [
    ...(scenario.where === 'host' ? [] : missingRequirements()),
    ...missingParts(scenario, places),
  ];
  if (reasons.length > 0) return refuse(reasons.map((reason) => `the lab cannot run here: ${reason}`));
  return runScenario(scenario, places, values.shell ?? false);
}

function listScenarios(): number {
  for (const { name, about } of scenarios) console.log(`${name.padEnd(16)} ${about}`);
  return 0;
}

function refuse(lines: readonly string[]): number {
  for (const line of lines) console.error(line);
  return 1;
}

function missingParts(scenario: Scenario, places: Places): readonly string[] {
  if (!scenario.needsExporter || existsSync(path.join(places.project, 'dist/main.js'))) return [];
  return ['dist/main.js is not built: npm run build'];
}

async function runScenario(scenario: Scenario, places: Places, isShell: boolean): Promise<number> {
  const startedAt = Date.now();
  const say = (message: string) =>
    console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} ${message}`);
  const out = path.join(places.project, 'artifacts/lab', scenario.name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  if (scenario.where === 'host') return runHere(scenario, places, out);
  const tools = fetchTools(places.cache, say);
  const boot = () => bootGuest({ places, tools, scenario, out, shell: isShell, say });
  let end = await boot();
  if (end === 'stalled') {
    // About one boot in forty never says a word; the next one does.
    say('the guest did not start; once more');
    end = await boot();
  }
  if (end !== 'powered-off') say(`the guest was ended from outside: ${end}`);
  return isShell ? 0 : report(out, say);
}

function runHere(scenario: Scenario, places: Places, out: string): number {
  const env = {
    ...process.env,
    LC_ALL: 'C',
    LAB_OUT_HERE: out,
    LAB_SCENARIO: scenario.name,
    LAB_PROJECT: places.project,
  };
  spawnSync(process.execPath, [places.agent], { env, stdio: 'inherit', timeout: 170_000 });
  return report(out, console.log);
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
