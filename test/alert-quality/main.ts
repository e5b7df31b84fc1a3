import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { evaluate } from './evaluate.ts';
import { groupedBy } from './grouped.ts';
import { allHistories, type History } from './history.ts';
import { page } from './page.ts';
import type { Firing } from './promtool.ts';
import { barsOf, type Result, table } from './report.ts';
import { readRules } from './rules.ts';
import { faultsOf, scoreOf } from './score.ts';
import { summarize } from './summary.ts';
import { timeline } from './timeline.ts';

const project = path.resolve(import.meta.dirname, '../..');
const cache = path.join(project, '.cache/alert-quality');

const options = {
  only: { type: 'string', default: '' },
  history: { type: 'string' },
  'no-baselines': { type: 'boolean' },
  classes: { type: 'boolean' },
  faults: { type: 'boolean' },
  write: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const usage = `npm run bench -- alerts [options] [rules-file ...]
  --only WORD       only histories whose id contains WORD
  --history ID      prints one history: when it was paged, and how full the pool was
  --no-baselines    evaluates only the rules files
  --classes         prints a table by kind of history for every rules file, not only for the first
  --faults          lists the histories that were missed, paged late, paged falsely, or flapped
  --write           writes docs/behaviour/alert-quality.md, from the first rules file and the baselines`;

const shipped = 'alerts/thinpool.rules.yml';

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  if (values.help) return say(usage, 0);
  const files = (positionals.length > 0 ? positionals : [shipped]).map((file) => path.resolve(file));
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) return say(`no such file: ${missing.join(', ')}`, 2);
  if (values.write && (values.only !== '' || values['no-baselines']))
    return say('--write needs all histories and all baselines', 2);

  const { history: chosen, only } = values;
  const histories = allHistories().filter(({ id }) =>
    chosen === undefined ? id.includes(only) : id === chosen,
  );
  if (histories.length === 0) return say('no such history', 2);
  if (chosen !== undefined) return tell(histories[0]!, files);

  say(`${histories.length} histories`, 0);
  const judge = async (file: string, withClasses: boolean): Promise<Result> => {
    const { result, faults } = await judged(file, histories);
    if (withClasses) say(`\n${table(result.name, [...result.byClass])}`, 0);
    if (values.faults) say(`\n${faults.join('\n')}`, 0);
    return result;
  };
  const own: Result[] = [];
  for (const file of files) own.push(await judge(file, values.classes === true || file === files[0]));
  const baselines: Result[] = [];
  for (const file of values['no-baselines'] ? [] : baselineFiles())
    baselines.push(await judge(file, values.classes === true));

  say(
    `\n${table(
      'rules',
      [...own, ...baselines].map(({ name, all }) => [name, all]),
    )}`,
    0,
  );
  if (values.write)
    writeFileSync(path.join(project, 'docs/behaviour/alert-quality.md'), page(own[0]!, baselines));
  const bars = own.map((result) => ({ name: result.name, bars: barsOf(result, baselines) }));
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

function firingsBy(file: string, histories: readonly History[]): Promise<Map<History, Firing[]>> {
  return evaluate(histories, readRules(readFileSync(file, 'utf8')), cache);
}

async function judged(
  file: string,
  histories: readonly History[],
): Promise<{ result: Result; faults: string[] }> {
  const startedAt = Date.now();
  const firings = await firingsBy(file, histories);
  const scores = histories.map((history) => scoreOf(history, firings.get(history) ?? []));
  const name = path.basename(file).replace(/(\.rules)?\.ya?ml$/, '');
  console.error(`${name}: ${Math.round((Date.now() - startedAt) / 1000)} s`);
  const byClass = [...groupedBy(scores, ({ history }) => history.of.name)].map(
    ([of, its]) => [of, summarize(its)] as const,
  );
  return {
    result: { name, all: summarize(scores), byClass: new Map(byClass) },
    faults: scores.flatMap((score) => {
      const faults = faultsOf(score);
      return faults.length === 0 ? [] : [`${score.history.id}: ${faults.join('; ')}`];
    }),
  };
}

async function tell(history: History, files: readonly string[]): Promise<number> {
  for (const file of files) {
    const firings = await firingsBy(file, [history]);
    say(`${timeline(history, firings.get(history) ?? [])}\n`, 0);
  }
  return 0;
}
