import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { tool } from '../support/tools.ts';
import type { Exported, Labels } from './exporter.ts';
import type { History } from './history.ts';
import { notate } from './notation.ts';
import type { Pass, RuleSet } from './rules.ts';
import { scrape } from './scraped.ts';

/** An alert that fired, from the evaluation at which it began to the one at which it no longer did. Seconds. */
export interface Firing {
  readonly labels: Labels;
  readonly from: number;
  readonly to: number;
}

/** Histories of the same length, as promtool reads them, and what is to be evaluated over them. Seconds. */
export interface Job {
  readonly duration: number;
  /** From scrape to scrape. */
  readonly every: number;
  readonly pages: RuleSet['tier'];
  readonly pass: Pass;
  readonly series: readonly string[];
}

/** As many evaluations as fit, one bit each, into a number that is exact. */
const bits = 48;

/**
 * Runs a job in promtool, whose rule engine is Prometheus' own. What fired is read back by queries that are expected
 * to find nothing: promtool prints what they did find.
 */
export async function firingsOf(job: Job): Promise<Firing[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'thinpool-alerts-'));
  try {
    writeFileSync(path.join(dir, 'rules.yml'), rulesFile(job.pass));
    writeFileSync(path.join(dir, 'test.yml'), testFile(job));
    const { all, exitCode } = await execa(tool('promtool'), ['test', 'rules', 'test.yml'], {
      cwd: dir,
      all: true,
      reject: false,
      maxBuffer: 1024 ** 3,
      // The heap is small and short-lived: collecting it less often saves a fifth of the time.
      env: { GOGC: '400' },
    });
    const isAnswer = exitCode === 0 || (exitCode === 1 && all.includes('got:'));
    if (!isAnswer) throw new Error(`promtool: ${all.slice(0, 2000)}`);
    return joined(readBits(all), job.pass.interval, job.duration);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export function rulesFile({ groups }: Pass): string {
  return stringify({ groups }, { lineWidth: 0 });
}

/** A history as input series of a promtool test, of the given metrics. */
export function inputSeries(
  history: History,
  exported: Exported,
  metrics: ReadonlySet<string>,
  every: number,
): string {
  return scrape(history, exported, metrics, every)
    .map(({ name, labels, samples }) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
      return `  - series: '${name}{${pairs.join(',')}}'\n    values: '${notate(samples)}'\n`;
    })
    .join('');
}

function testFile({
  duration,
  every,
  pages: [label, value],
  pass: { groups, interval },
  series,
}: Job): string {
  const span = bits * interval;
  const windows = Math.ceil(duration / span);
  const alerts = `ALERTS{alertstate="firing",${label}="${value}"}`;
  // Each alert's evaluations of a window as the bits of one number.
  const inBits = `sum_over_time((${alerts} * 2 ^ ((time() % ${span}) / ${interval}))[${span - 1}s:${interval}s])`;
  const queries = Array.from(
    { length: windows },
    (_, window) =>
      `  - expr: 'label_replace(${inBits}, "window", "${window}", "", "")'\n` +
      `    eval_time: ${(window + 1) * span - interval}s\n`,
  );
  return [
    'rule_files: [rules.yml]\n',
    `evaluation_interval: ${interval}s\n`,
    `group_eval_order: ${JSON.stringify(groups.map((group) => group.name))}\n`,
    'tests:\n',
    `- interval: ${every}s\n`,
    '  input_series:\n',
    ...series,
    '  promql_expr_test:\n',
    ...queries,
  ].join('');
}

interface Found {
  readonly labels: Labels;
  readonly window: number;
  readonly mask: number;
}

function readBits(output: string): Found[] {
  return [...output.matchAll(/\{(alertname=[^}]*)\} ([0-9.]+(?:E[+-]?\d+)?)/g)].map(([, text, mask]) => {
    const pairs = [...text!.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
      ([, label, value]) => [label!, value!] as const,
    );
    const { window, alertstate: _, ...labels } = Object.fromEntries(pairs);
    return { labels, window: Number(window), mask: Number(mask) };
  });
}

function joined(found: readonly Found[], interval: number, duration: number): Firing[] {
  const byAlert = new Map<string, { labels: Labels; times: number[] }>();
  for (const { labels, window, mask } of found) {
    const key = JSON.stringify(labels);
    const alert = byAlert.get(key) ?? { labels, times: [] };
    byAlert.set(key, alert);
    for (let bit = 0; bit < bits; bit += 1)
      if (Math.floor(mask / 2 ** bit) % 2 === 1) alert.times.push((window * bits + bit) * interval);
  }
  return [...byAlert.values()].flatMap(({ labels, times }) => {
    const firings: { labels: Labels; from: number; to: number }[] = [];
    for (const time of times.sort((one, other) => one - other)) {
      if (time >= duration) break;
      const last = firings.at(-1);
      if (last?.to === time) last.to = time + interval;
      else firings.push({ labels, from: time, to: time + interval });
    }
    return firings;
  });
}
