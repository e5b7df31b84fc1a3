import { closeSync, openSync, writeSync } from 'node:fs';
import { parseDuration } from '../../../src/format/duration.ts';
import { hourSeconds, secondMs } from '../../../src/model/units.ts';
import { nodesOf } from '../../artifacts/alerts/promql.ts';
import type { RulesText } from '../../artifacts/alerts/unit/promtool.ts';
import { type Expositions, instanceOf } from './targets.ts';

/** Windows up to this fill while the fleet is scraped. Seconds. */
const shortest = 180;
/** Nothing is filled further back: the peak of a week holds six hours. Seconds. */
const longest = 6 * hourSeconds;

/** As slowly does everything grow in what is filled in: four months from nothing to what there is now. */
const fillSeconds = 1e7;

export interface Window {
  readonly metric: string;
  /** Seconds. */
  readonly seconds: number;
  /** Seconds between its samples. */
  readonly step: number;
}

/** The long windows of rules, by the metric that they read. */
export function windowsOf({ groups }: RulesText, scrapeSeconds: number): readonly Window[] {
  const steps = new Map<string, number>();
  for (const { interval, rules } of groups as readonly (RulesText['groups'][number] & {
    readonly interval?: string;
  })[])
    for (const { record } of rules)
      if (record !== undefined) steps.set(record, (parseDuration(interval ?? '') ?? 0) / secondMs);
  const found = new Map<string, Window>();
  for (const { expr } of groups.flatMap(({ rules }) => rules))
    for (const node of nodesOf(expr, 'MatrixSelector')) {
      const text = expr.slice(node.from, node.to);
      const { metric = '', range = '' } = /^(?<metric>[\w:]+).*\[(?<range>\w+)\]$/s.exec(text)?.groups ?? {};
      const seconds = Math.min((parseDuration(range) ?? 0) / secondMs, longest);
      if (seconds <= Math.max(shortest, found.get(metric)?.seconds ?? 0)) continue;
      found.set(metric, { metric, seconds, step: steps.get(metric) ?? scrapeSeconds });
    }
  return [...found.values()];
}

/** Writes what windows hold by then, in the format that promtool takes. Returns the number of samples. */
export function writeHistory(
  file: string,
  windows: readonly Window[],
  { hosts, made, now }: { readonly hosts: number; readonly made: Expositions; readonly now: number },
): number {
  const out = openSync(file, 'w');
  let samples = 0;
  try {
    for (const { metric, seconds, step } of windows) {
      writeSync(out, `# TYPE ${metric} unknown\n`);
      for (let host = 0; host < hosts; host += 1) {
        const lines: string[] = [];
        for (const { labels, value } of seriesOf(metric, String(made[host % made.length]?.[0]), host))
          for (let at = now - seconds; at <= now; at += step)
            lines.push(`${metric}{${labels}} ${value * (1 - (now - at) / fillSeconds)} ${at}\n`);
        samples += lines.length;
        writeSync(out, lines.join(''));
      }
    }
    writeSync(out, '# EOF\n');
  } finally {
    closeSync(out);
  }
  return samples;
}

/** What the page of a host says of a metric; of a record, what it says of the pools that it is made for. */
function seriesOf(metric: string, page: string, host: number): { labels: string; value: number }[] {
  const target = `job="thinpool",instance="${instanceOf(host)}"`;
  const lines = (name: string) =>
    [...page.matchAll(new RegExp(`^${name}(?:\\{(?<labels>.*)\\})? (?<value>\\S+)$`, 'gm'))].map(
      ({ groups }) => ({
        labels: [groups?.['labels'], target].filter(Boolean).join(','),
        value: Number(groups?.['value']),
      }),
    );
  if (metric === 'up') return [{ labels: target, value: 1 }];
  if (!metric.includes(':')) return lines(metric);
  if (metric.includes('exporter')) return lines('thinpool_exporter_build_info');
  if (metric.includes('seen')) return lines('thinpool_up');
  const isGrowth = metric.includes('growth');
  const window = isGrowth ? ',window="2m2s"' : '';
  return ['data', 'metadata'].flatMap((resource) =>
    lines(`thinpool_${resource}_used_bytes`).map(({ labels, value }) => ({
      labels: `${labels},resource="${resource}"${window}`,
      value: isGrowth ? value / fillSeconds : value,
    })),
  );
}
