import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../unit/case.ts';
import { allCases } from '../unit/cases.ts';
import { failuresOf, neededFor, type RulesText, type RuleText, readRules } from '../unit/promtool.ts';
import { type Mutant, mutantsOf } from './mutate.ts';
import { reasonOf } from './survivors.ts';

interface Job extends Mutant {
  readonly name: string;
  readonly of: RuleText;
}

const least = 0.95;

const rulesFile = join(import.meta.dirname, '../../../../alerts/thinpool.rules.yml');

/** Breaks the alert rules in one place at a time, and prints which breaks no case notices. A word selects them by name. */
export async function main(words: readonly string[]): Promise<number> {
  const rules = readRules(readFileSync(rulesFile, 'utf8'));
  const cases = allCases();
  const jobs: Job[] = rules.groups
    .flatMap((group) => group.rules)
    .flatMap((of) => mutantsOf(of).map((mutant) => ({ ...mutant, of, name: nameOf(of) })))
    .filter(({ name, what }) => words.every((word) => `${name} ${what}`.includes(word)));
  const total = jobs.length;
  const survivors: Job[] = [];
  const work = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      if (await isKilled(job, rules, cases)) continue;
      survivors.push(job);
      const { labels = {} } = job.of;
      console.log(`SURVIVED ${job.name} ${Object.values(labels).join(' ')}: ${job.what}`);
      console.log(`         ${reasonOf(job) ?? 'no reason is known'}`);
    }
  };
  await Promise.all([work(), work()]);
  const killed = total - survivors.length;
  console.log(`${killed} of ${total} mutants killed (${((100 * killed) / total).toFixed(1)} %)`);
  return killed >= least * total && survivors.every((survivor) => reasonOf(survivor) !== undefined) ? 0 : 1;
}

function nameOf({ alert, record }: RuleText): string {
  return alert ?? record ?? '';
}

async function isKilled({ rule, of, name }: Job, rules: RulesText, cases: readonly Case[]): Promise<boolean> {
  const mutated: RulesText = {
    groups: rules.groups.map((group) => ({
      ...group,
      rules: group.rules
        // What has the same name and is not mutated has no effect.
        .filter(
          (other) =>
            other === of ||
            nameOf(other) !== name ||
            (other.record !== undefined && of.labels?.['resource'] === undefined),
        )
        .map((other) => (other === of ? rule : other)),
    })),
  };
  return (await failuresOf('promtool', neededFor(name, mutated), casesFor(of, name, cases))) !== '';
}

/** Only the tests of the rule itself run: other rules of its name are not loaded. */
function casesFor({ labels = {}, alert }: RuleText, name: string, cases: readonly Case[]): readonly Case[] {
  const its = cases.filter(({ about }) => about === name);
  const { window, resource } = labels;
  if (alert === undefined)
    return its.filter(({ checks, what }) => isOfRecord({ window, resource }, checks, what));
  return its.filter(({ of = {} }) =>
    Object.entries(of).every(([label, value]) => labels[label] === undefined || labels[label] === value),
  );
}

/** A record of one window, or of one resource, is tested by the rules that read it. */
function isOfRecord(
  { window, resource }: Readonly<Record<'window' | 'resource', string | undefined>>,
  checks: Case['checks'],
  what: string,
): boolean {
  const isWindow = window === undefined || checks.some(({ query }) => query?.includes(`"${window}"`));
  const isResource =
    resource === undefined || new RegExp(`\\b${resource}\\b`).test(what) || what.startsWith('thinpool_fleet');
  return isWindow && isResource;
}
