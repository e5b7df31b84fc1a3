import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Cache } from './cache.ts';
import { evaluate } from './evaluate.ts';
import { BadHistory, readHistories, writeHistory } from './files.ts';
import { groupedBy } from './grouped.ts';
import { allHistories, type History } from './history.ts';
import { page } from './page.ts';
import type { Firing } from './promtool.ts';
import { barsOf, type Result, table, titleOf, worstOf } from './report.ts';
import { readRules } from './rules.ts';
import { faultsOf, scoreOf } from './score.ts';
import { summarize } from './summary.ts';
import { scrapeIntervals } from './tiers.ts';
import { timeline } from './timeline.ts';

const project = path.resolve(import.meta.dirname, '../..');
const cache = new Cache(path.join(project, '.cache/alert-quality'));

const options = {
  only: { type: 'string', default: '' },
  history: { type: 'string' },
  histories: { type: 'string' },
  intervals: { type: 'string', default: scrapeIntervals.join(',') },
  'no-baselines': { type: 'boolean' },
  classes: { type: 'boolean' },
  faults: { type: 'boolean' },
  write: { type: 'boolean' },
  'write-histories': { type: 'string' },
  help: { type: 'boolean' },
} as const;

const usage = `npm run bench -- alerts [options] [rules-file ...]
  --only WORDS           only histories whose id contains one of these words, comma-separated
  --history ID           prints one history: when it was paged, and how full the pool was
  --histories DIR        evaluates the histories in these files (OpenMetrics text) instead of the synthetic ones
  --intervals LIST       scrape intervals in seconds, comma-separated (default: ${scrapeIntervals.join(',')})
  --no-baselines         evaluates only the rules files
  --classes              prints a table by kind of history for every rules file and interval, not only for the worst of the first
  --faults               lists the histories that were missed, paged late, paged falsely, or flapped
  --write                writes docs/behaviour/alert-quality.md, from the first rules file and the baselines
  --write-histories DIR  writes the histories as files for --histories, sampled at the first of the intervals, and ends`;

const shipped = 'alerts/thinpool.rules.yml';
/** Scrape interval of the baselines, in seconds: the most common one in production. */
const baselineInterval = 15;

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  if (values.help) return say(usage, 0);
  const files = (positionals.length > 0 ? positionals : [shipped]).map((file) => path.resolve(file));
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) return say(`no such file: ${missing.join(', ')}`, 2);
  const intervals = values.intervals.split(',').map(Number);
  if (!intervals.every((interval) => interval > 0))
    return say(`--intervals ${values.intervals}: expected seconds, separated by commas`, 2);
  const isPartial = ['only', 'histories', 'no-baselines'].some((option) => Boolean(values[option as 'only']));
  if (values.write && (isPartial || values.intervals !== options.intervals.default))
    return say('--write needs all histories, all intervals and all baselines', 2);

  const { history: chosen, only, histories: dir, 'write-histories': into } = values;
  let all: readonly History[];
  try {
    all = dir === undefined ? allHistories() : historiesIn(dir);
  } catch (error) {
    if (error instanceof BadHistory) return say(error.message, 2);
    throw error;
  }
  const histories = all.filter(({ id }) =>
    chosen === undefined ? only.split(',').some((word) => id.includes(word)) : id === chosen,
  );
  if (histories.length === 0) return say('no such history', 2);
  if (into !== undefined) return write(histories, into, intervals[0]!);
  if (chosen !== undefined) return show(histories[0]!, files, intervals);

  say(`${histories.length} histories`, 0);
  const judge = async (file: string, interval: number): Promise<Result> => {
    const { result, faults } = await judged(file, histories, interval);
    if (values.classes) say(`\n${titleOf(result)}\n${table('kind', [...result.byClass])}`, 0);
    if (values.faults) say(`\n${titleOf(result)}\n${faults.join('\n')}`, 0);
    return result;
  };
  const own: Result[][] = [];
  for (const file of files) {
    const results: Result[] = [];
    for (const interval of intervals) results.push(await judge(file, interval));
    own.push(results);
  }
  const baselines: Result[] = [];
  for (const file of values['no-baselines'] ? [] : baselineFiles())
    baselines.push(await judge(file, baselineInterval));

  const worst = worstOf(own[0]!);
  if (!values.classes) say(`\n${titleOf(worst)}\n${table('kind', [...worst.byClass])}`, 0);
  const rows = [...own.flat(), ...baselines].map((result) => [titleOf(result), result.all] as const);
  say(`\n${table('rules', rows)}`, 0);
  if (values.write)
    writeFileSync(path.join(project, 'docs/behaviour/alert-quality.md'), page(own[0]!, baselines));
  const bars = own.map((results) => ({ name: results[0]!.name, bars: barsOf(results, baselines) }));
  for (const { name, bars: ofOne } of bars)
    say(
      [`\n${name}`, ...ofOne.map(({ message, holds }) => `${holds ? 'PASS' : 'FAIL'}  ${message}`)].join(
        '\n',
      ),
      0,
    );
  return bars.every(({ bars: ofOne }) => ofOne.every(({ holds }) => holds)) ? 0 : 1;
}

function say(text: string, exitCode: number): number {
  console.log(text);
  return exitCode;
}

function baselineFiles(): string[] {
  const dir = path.join(import.meta.dirname, 'baselines');
  return readdirSync(dir).map((file) => path.join(dir, file));
}

function historiesIn(dir: string): History[] {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new BadHistory(`${dir}: no such directory`);
  return readHistories(dir);
}

function write(histories: readonly History[], dir: string, interval: number): number {
  mkdirSync(dir, { recursive: true });
  for (const history of histories)
    writeFileSync(path.join(dir, `${history.id}.om`), writeHistory(history, interval));
  return say(`${histories.length} histories written to ${dir}`, 0);
}

function firingsBy(
  file: string,
  histories: readonly History[],
  interval: number,
): Promise<Map<History, Firing[]>> {
  return evaluate(histories, readRules(readFileSync(file, 'utf8')), interval, cache);
}

async function judged(
  file: string,
  histories: readonly History[],
  interval: number,
): Promise<{ result: Result; faults: string[] }> {
  const startedAt = Date.now();
  const firings = await firingsBy(file, histories, interval);
  const scores = histories.map((history) => scoreOf(history, firings.get(history) ?? [], interval));
  const name = path.basename(file).replace(/(\.rules)?\.ya?ml$/, '');
  console.error(`${titleOf({ name, interval })}: ${Math.round((Date.now() - startedAt) / 1000)} s`);
  const byClass = [...groupedBy(scores, ({ history }) => history.of.name)].map(
    ([of, its]) => [of, summarize(its)] as const,
  );
  return {
    result: { name, interval, all: summarize(scores), byClass: new Map(byClass) },
    faults: scores.flatMap((score) => {
      const faults = faultsOf(score);
      return faults.length === 0 ? [] : [`${score.history.id}: ${faults.join('; ')}`];
    }),
  };
}

async function show(
  history: History,
  files: readonly string[],
  intervals: readonly number[],
): Promise<number> {
  for (const file of files)
    for (const interval of intervals) {
      const firings = await firingsBy(file, [history], interval);
      say(`scraped every ${interval} s\n${timeline(history, firings.get(history) ?? [])}\n`, 0);
    }
  return 0;
}
