import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { groupedBy } from './grouped.ts';
import type { History } from './history.ts';
import { type Firing, firingsOf, inputSeries, type Job, rulesFile } from './promtool.ts';
import { namesOf, passesOf, type RuleSet } from './rules.ts';

/** As many histories as share a run at most: fewer pay more for what promtool does in any case. */
const mostAtOnce = 48;
const runsAtOnce = 2;

interface Query {
  readonly history: History;
  readonly series: string;
  /** Where results are kept: the same history is never evaluated twice. */
  readonly file: string;
}

/** Every alert that pages, by history. Histories are hosts of their own: none changes what another one fires. */
export async function evaluate(
  histories: readonly History[],
  rules: RuleSet,
  cache: string,
): Promise<Map<History, Firing[]>> {
  mkdirSync(cache, { recursive: true });
  const firings = new Map<History, Firing[]>(histories.map((history) => [history, []]));
  const runs: { job: Job; queries: Query[] }[] = [];
  for (const [tier, ofTier] of groupedBy(histories, ({ plan }) => plan.tier))
    for (const pass of passesOf(rules, tier.scrape)) {
      const names = namesOf(pass);
      const context = `${JSON.stringify(tier)} ${rules.tier} ${pass.interval}\n${rulesFile(pass)}`;
      const open: Query[] = [];
      for (const history of ofTier) {
        const series = inputSeries(history, names);
        const key = createHash('sha256').update(context).update(series).digest('hex');
        const file = path.join(cache, `${key}.json`);
        if (existsSync(file))
          firings.get(history)?.push(...(JSON.parse(readFileSync(file, 'utf8')) as Firing[]));
        else open.push({ history, series, file });
      }
      for (const queries of split(open))
        runs.push({
          job: { tier, pages: rules.tier, pass, series: queries.map(({ series }) => series) },
          queries,
        });
    }

  const work = async (): Promise<void> => {
    for (let run = runs.shift(); run !== undefined; run = runs.shift()) {
      const found = groupedBy(await firingsOf(run.job), ({ labels }) => labels['instance']);
      for (const { history, file } of run.queries) {
        const ofHistory = found.get(history.id) ?? [];
        writeFileSync(file, JSON.stringify(ofHistory));
        firings.get(history)?.push(...ofHistory);
      }
    }
  };
  await Promise.all(Array.from({ length: runsAtOnce }, work));
  return firings;
}

/** Into parts of the same size, and no fewer than there are runs at once. */
function split(queries: readonly Query[]): Query[][] {
  const parts = Math.max(runsAtOnce, Math.ceil(queries.length / mostAtOnce));
  const size = Math.ceil(queries.length / parts);
  return Array.from({ length: parts }, (_, part) => queries.slice(part * size, (part + 1) * size)).filter(
    (part) => part.length > 0,
  );
}
