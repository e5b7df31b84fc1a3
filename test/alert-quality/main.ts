import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { groupedBy } from './grouped.ts';
import { allHistories, type History } from './history.ts';
import { type Firing, firingsOf, type Job, prepare } from './promtool.ts';
import { barsOf, type Result, table } from './report.ts';
import { passesOf, readRules } from './rules.ts';
import { scoreOf } from './score.ts';
import { summarize } from './summary.ts';
import { timeline } from './timeline.ts';

export interface Places {
  readonly project: string;
  readonly here: string;
  readonly cache: string;
}

const usage = `npm run bench:alerts -- [options] [rules-file ...]
  --only WORD       histories whose id has the word
  --history ID      tells one history: when it was paged, and at how much
  --no-baselines    judges the rules files alone
  --classes         a table by class for every rules file, not for the first one only
  --paged           names the histories that were missed, late, paged for nothing, or flapped
  --write           writes docs/alert-quality.md`;

/** Few enough that two cores are both busy to the end, enough that promtool's own work counts little. */
const chunk = 24;

export async function main(args: string[], places: Places): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      history: { type: 'string' },
      'no-baselines': { type: 'boolean' },
      classes: { type: 'boolean' },
      paged: { type: 'boolean' },
      write: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const own = positionals.length > 0 ? positionals : ['alerts/thinpool.rules.yml'];
  const ownFiles = own.map((file) => path.resolve(places.project, file)).filter((file) => existsSync(file));
  const baselineFiles =
    values['no-baselines'] || values.history
      ? []
      : readdirSync(path.join(places.here, 'baselines')).map((file) =>
          path.join(places.here, 'baselines', file),
        );
  const histories = allHistories().filter(({ id }) =>
    values.history === undefined ? id.includes(values.only ?? '') : id === values.history,
  );
  console.log(`${histories.length} histories`);

  const results: Result[] = [];
  for (const file of [...ownFiles, ...baselineFiles]) {
    const started = Date.now();
    const firings = await evaluate(histories, readFileSync(file, 'utf8'), places.cache);
    const byHistory = groupedBy(firings, ({ labels }) => labels['instance']);
    if (values.history !== undefined) {
      for (const history of histories) console.log(timeline(history, byHistory.get(history.id) ?? []));
      continue;
    }
    const scores = histories.map((history) => scoreOf(history, byHistory.get(history.id) ?? []));
    const byClass = groupedBy(scores, ({ history }) => history.of.name);
    const name = path.basename(file).replace(/(\.rules)?\.ya?ml$/, '');
    const result = {
      name,
      all: summarize(scores),
      byClass: new Map([...byClass].map(([of, its]) => [of, summarize(its)])),
    };
    results.push(result);
    console.error(`${name}: ${Math.round((Date.now() - started) / 1000)} s`);
    if (values.classes || file === ownFiles[0]) console.log(`\n${table(name, [...result.byClass])}`);
    if (values.paged)
      for (const { history, verdicts, falsePages, flaps } of scores) {
        const faults = verdicts
          .filter(({ isLate, lead, isTooFast }) => !isTooFast && (isLate || lead === undefined))
          .map(
            ({ danger, lead, lasts }) =>
              `${danger.resource} ${danger.kind} after ${Math.round(lasts)} s, lead ${lead?.toFixed(0)}`,
          );
        if (falsePages > 0) faults.push(`${falsePages} false`);
        if (flaps > 0) faults.push(`${flaps} flaps`);
        if (faults.length > 0) console.log(`${history.id}: ${faults.join('; ')}`);
      }
  }
  if (values.history !== undefined) return 0;
  console.log(
    `\n${table(
      'rules',
      results.map(({ name, all }) => [name, all]),
    )}`,
  );
  const ours = results.slice(0, ownFiles.length);
  const baselines = results.slice(ownFiles.length);
  let failed = 0;
  for (const result of ours) {
    console.log(`\n${result.name}`);
    for (const { says, holds } of barsOf(result, baselines)) {
      console.log(`${holds ? 'PASS' : 'FAIL'}  ${says}`);
      failed += holds ? 0 : 1;
    }
  }
  return failed === 0 ? 0 : 1;
}

/** Every alert that pages, over all histories; promtool is asked once only for what has not changed. */
async function evaluate(histories: readonly History[], text: string, cache: string): Promise<Firing[]> {
  const rules = readRules(text);
  const jobs: Job[] = [];
  for (const [tier, ofTier] of groupedBy(histories, ({ plan }) => plan.tier))
    for (const pass of passesOf(rules, tier.scrape))
      for (let from = 0; from < ofTier.length; from += chunk)
        jobs.push({ histories: ofTier.slice(from, from + chunk), rules, pass });
  const found: Firing[] = [];
  const work = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift())
      found.push(...(await remembered(job, cache)));
  };
  await Promise.all([work(), work()]);
  return found;
}

async function remembered(job: Job, cache: string): Promise<Firing[]> {
  const files = prepare(job);
  const key = createHash('sha256').update(files.rules).update(files.test).digest('hex');
  const file = path.join(cache, `${key}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Firing[];
  const firings = await firingsOf(job, files);
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, JSON.stringify(firings));
  return firings;
}
