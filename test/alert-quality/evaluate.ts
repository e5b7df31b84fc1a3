import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Cache, hashOf, hashOfHistory } from './cache.ts';
import { type Exported, exportOf } from './exporter.ts';
import { groupedBy } from './grouped.ts';
import type { History } from './history.ts';
import { type Firing, firingsOf, inputSeries, type Job, rulesFile } from './promtool.ts';
import { namesOf, type Pass, passesOf, type RuleSet, thoseThatCanFire } from './rules.ts';
import { hashOfSources } from './sources.ts';
import { scrapedEvery, type Tier } from './tiers.ts';

/** As many histories as share a run at most: fewer pay more for what promtool does in any case. */
const mostAtOnce = 48;
const runsAtOnce = 2;

const judging = hashOfSources(path.join(import.meta.dirname, 'exporter.ts'));
const scraping = hashOfSources(path.join(import.meta.dirname, 'scraped.ts'));

/** Histories of one tier, and what is to be evaluated over them. */
interface Task {
  readonly tier: Tier;
  readonly pass: Pass;
  readonly histories: readonly History[];
}

/** Every alert that pages at this scrape interval, by history. Histories are hosts of their own: none changes another's alerts. */
export async function evaluate(
  histories: readonly History[],
  rules: RuleSet,
  interval: number,
  cache: Cache,
): Promise<Map<History, Firing[]>> {
  const firings = new Map<History, Firing[]>(histories.map((history) => [history, []]));
  const tasks: Task[] = [];
  for (const ofTier of groupedBy(histories, ({ tier }) => `${tier.name} ${tier.duration}`).values()) {
    const { tier } = ofTier[0]!;
    for (const pass of passesOf(rules, tier))
      for (const part of split(ofTier)) tasks.push({ tier, pass, histories: part });
  }

  const run = async ({ tier, pass, histories: chosen }: Task): Promise<void> => {
    const every = scrapedEvery(tier, interval);
    const names = namesOf(pass);
    const job: Omit<Job, 'series' | 'pass'> = { duration: tier.duration, every, pages: rules.tier };
    const context = hashOf(
      JSON.stringify([tier.duration, every, rules.tier, pass.interval]),
      rulesFile(pass),
    );
    const open: { history: History; key: string; series: string }[] = [];
    for (const history of chosen) {
      // The series may be the same after a change of the exporter, and then so are the alerts.
      const seriesKey = hashOf(
        'series',
        hashOfHistory(history),
        scraping,
        `${every}`,
        JSON.stringify([...names]),
      );
      let seriesHash = cache.get<string>(seriesKey);
      let series: string | undefined;
      const toSeries = (): string => inputSeries(history, exported(history, cache), names, every);
      if (seriesHash === undefined) {
        series = toSeries();
        seriesHash = cache.put(seriesKey, hashOf(series));
        // Others are waiting for their promtool.
        await setImmediate();
      }
      const key = hashOf('firings', seriesHash, context);
      const known = cache.get<Firing[]>(key);
      if (known === undefined) open.push({ history, key, series: series ?? toSeries() });
      else firings.get(history)?.push(...known);
    }
    if (open.length === 0) return;
    const findings = open.flatMap(({ history }) => exported(history, cache).findings);
    const able = thoseThatCanFire(
      pass,
      findings.map(({ labels }) => labels),
    );
    const fired =
      able.groups.length === 0
        ? []
        : await firingsOf({ ...job, pass: able, series: open.map(({ series }) => series) });
    const found = groupedBy(fired, ({ labels }) => labels['instance']);
    for (const { history, key } of open)
      firings.get(history)?.push(...cache.put(key, found.get(history.id) ?? []));
  };

  const work = async (): Promise<void> => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) await run(task);
  };
  await Promise.all(Array.from({ length: runsAtOnce }, work));
  return firings;
}

/** What the exporter found over a history: judged once, until the history or the code that judges changes. */
export function exported(history: History, cache: Cache): Exported {
  const key = hashOf('exported', hashOfHistory(history), judging);
  return cache.get<Exported>(key) ?? cache.put(key, exportOf(history));
}

/** Into parts of the same size, and no fewer than there are runs at once. */
function split(histories: readonly History[]): History[][] {
  const parts = Math.max(runsAtOnce, Math.ceil(histories.length / mostAtOnce));
  const size = Math.ceil(histories.length / parts);
  return Array.from({ length: parts }, (_, part) => histories.slice(part * size, (part + 1) * size)).filter(
    (part) => part.length > 0,
  );
}
