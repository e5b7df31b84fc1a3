import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import type { Labels } from './exported.ts';
import type { History } from './history.ts';
import { notate } from './notation.ts';
import { namesOf, type Pass, type RuleSet } from './rules.ts';
import { scrape } from './scraped.ts';
import type { Tier } from './tiers.ts';

/** An alert that fired, from the evaluation at which it began to the one at which it no longer did. Seconds. */
export interface Firing {
  readonly labels: Labels;
  readonly from: number;
  readonly to: number;
}

/** As many evaluations as fit, one bit each, into a number that is exact. */
const bits = 48;

/** Histories of one tier, and what is to be evaluated over them. */
export interface Job {
  readonly histories: readonly History[];
  readonly rules: RuleSet;
  readonly pass: Pass;
}

/** What promtool reads. */
export interface Files {
  readonly rules: string;
  readonly test: string;
}

export function prepare(job: Job): Files {
  return { rules: stringify({ groups: job.pass.groups }, { lineWidth: 0 }), test: testFile(job) };
}

/**
 * Runs a job in promtool, whose rule engine is Prometheus' own. What fired is read back by queries that are expected
 * to find nothing: promtool prints what they did find.
 */
export async function firingsOf(job: Job, files: Files): Promise<Firing[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'thinpool-alerts-'));
  try {
    writeFileSync(path.join(dir, 'rules.yml'), files.rules);
    writeFileSync(path.join(dir, 'test.yml'), files.test);
    const { all, exitCode } = await execa('promtool', ['test', 'rules', 'test.yml'], {
      cwd: dir,
      all: true,
      reject: false,
      maxBuffer: 1024 ** 3,
      // The heap is small and short-lived: collecting it less often is a fifth of the time.
      env: { GOGC: '400' },
    });
    if (exitCode !== 0 && !all.includes('got:')) throw new Error(`promtool: ${all.slice(0, 2000)}`);
    return joined(readBits(all), job.pass.interval, tierOf(job).duration);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function tierOf({ histories }: Job): Tier {
  return histories[0]!.plan.tier;
}

function testFile(job: Job): string {
  const {
    histories,
    rules: {
      tier: [name, value],
    },
    pass,
  } = job;
  const { groups, interval: every } = pass;
  const names = namesOf(pass);
  const windows = Math.ceil(tierOf(job).duration / every / bits);
  const lines = [
    'rule_files: [rules.yml]',
    `evaluation_interval: ${every}s`,
    `group_eval_order: ${JSON.stringify(groups.map((group) => group.name))}`,
    'tests:',
    `- interval: ${tierOf(job).scrape}s`,
    '  input_series:',
  ];
  for (const history of histories)
    for (const { name: metric, labels, samples } of scrape(history, names))
      lines.push(
        `  - series: '${metric}{${Object.entries(labels)
          .map(([label, text]) => `${label}="${text}"`)
          .join(',')}}'`,
        `    values: '${notate(samples)}'`,
      );
  lines.push('  promql_expr_test:');
  const span = bits * every;
  for (let window = 0; window < windows; window += 1)
    lines.push(
      `  - expr: 'label_replace(sum_over_time((ALERTS{alertstate="firing",${name}="${value}"} * 2 ^ ((time() % ${span}) / ${every}))[${span - 1}s:${every}s]), "window", "${window}", "", "")'`,
      `    eval_time: ${(window + 1) * span - every}s`,
    );
  return `${lines.join('\n')}\n`;
}

interface Found {
  readonly labels: Labels;
  readonly window: number;
  readonly mask: number;
}

function readBits(output: string): Found[] {
  return [...output.matchAll(/\{(alertname=[^}]*)\} ([0-9.]+(?:E[+-]?\d+)?)/g)].map(([, text, mask]) => {
    const all = Object.fromEntries(
      [...text!.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, value]) => [label!, value!]),
    );
    const { window, alertstate: _, ...labels } = all;
    return { labels, window: Number(window), mask: Number(mask) };
  });
}

function joined(found: readonly Found[], every: number, duration: number): Firing[] {
  const byAlert = new Map<string, { labels: Labels; times: number[] }>();
  for (const { labels, window, mask } of found) {
    const key = JSON.stringify(labels);
    const alert = byAlert.get(key) ?? { labels, times: [] };
    byAlert.set(key, alert);
    for (let bit = 0; bit < bits; bit += 1)
      if (Math.floor(mask / 2 ** bit) % 2 === 1) alert.times.push((window * bits + bit) * every);
  }
  return [...byAlert.values()].flatMap(({ labels, times }) => {
    const firings: { labels: Labels; from: number; to: number }[] = [];
    for (const time of times.sort((one, other) => one - other)) {
      if (time >= duration) break;
      const last = firings.at(-1);
      if (last?.to === time) last.to = time + every;
      else firings.push({ labels, from: time, to: time + every });
    }
    return firings;
  });
}
