import { describe, expect, it } from 'vitest';
import { classes } from './classes.ts';
import { exportOf } from './exporter.ts';
import { type Phase, played } from './history.ts';
import { chanceFrom } from './random.ts';
import { type Disturbance, Sketch } from './scenario.ts';
import { scrape } from './scraped.ts';
import type { Tier } from './tiers.ts';

const tier: Tier = { name: 'test', step: 1, poll: 5, finest: 5, duration: 60 };
const MiB = 1024 ** 2;

interface Case {
  readonly phase?: Partial<Phase>;
  readonly disturbance?: Disturbance;
  readonly interval?: number;
}

function scraped(metrics: string[], { phase, disturbance, interval = 5 }: Case = {}) {
  const sketch = new Sketch(tier, chanceFrom(1), 10, { size: 100_000 * MiB, used: 0.899_55 });
  sketch.demand.data.add(0, 60, 60 * MiB);
  if (disturbance !== undefined) sketch.disturbances.push(disturbance);
  const made = { id: 'h', of: classes[0]!, phase: { poll: 0, evaluation: 0, ...phase } };
  const history = played(made, sketch);
  const series = scrape(history, exportOf(history), new Set(metrics), interval);
  return Object.fromEntries(
    series.map(({ name, labels, samples }) => [
      `${name} ${labels['mode'] ?? labels['code'] ?? ''}`.trim(),
      samples.map((sample) => (typeof sample === 'number' && sample > MiB ? sample / MiB - 89_950 : sample)),
    ]),
  );
}

const used = 'thinpool_data_used_bytes';

describe('what Prometheus holds', () => {
  it('has the given metrics only', () => {
    // 90% of 100,000 MiB, less 45 MiB, and 1 MiB more each second.
    expect(scraped([used])).toEqual({ [used]: [6, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60] });
  });

  it('is as old as the last poll was, and shown a while after the scrape', () => {
    const byPoll = scraped([used], { phase: { poll: 0.4 } })[used];
    expect(byPoll!.slice(0, 4)).toEqual([6, 7, 12, 17]);
    const byEvaluation = scraped([used], { phase: { evaluation: 0.4 } })[used];
    expect(byEvaluation!.slice(0, 4)).toEqual([6, 6, 10, 15]);
  });

  it('has a sample at each scrape', () => {
    expect(scraped([used], { interval: 15 })[used]).toEqual([6, 20, 35, 50]);
    expect(scraped([used], { interval: 60 })[used]).toEqual([6]);
  });

  it('has a hole where Prometheus did not scrape', () => {
    const disturbance = { kind: 'gap', from: 18, to: 28 } as const;
    const { up, [used]: bytes } = scraped(['up', used], { disturbance });
    expect(bytes!.slice(3, 7)).toEqual([20, undefined, undefined, 35]);
    expect(up!.slice(3, 7)).toEqual([1, undefined, undefined, 1]);
  });

  it('ends, once, while the exporter is down', () => {
    const disturbance = { kind: 'restart', from: 18, to: 28 } as const;
    const { up, [used]: bytes } = scraped(['up', used], { disturbance });
    expect(bytes!.slice(3, 7)).toEqual([20, 'stale', undefined, 33]);
    expect(up!.slice(3, 7)).toEqual([1, 0, 0, 1]);
  });

  it('shows a finding while the exporter reports it, and the mode as a state set', () => {
    const { 'thinpool_finding below-minimum-free': finding, ...others } = scraped([
      'thinpool_finding',
      'thinpool_mode',
    ]);
    expect(finding).toEqual([...Array(10).fill(undefined), 1, 1]);
    const modes = Object.keys(others).filter((name) => name.startsWith('thinpool_mode'));
    expect(modes).toHaveLength(5);
    expect(others['thinpool_mode rw']).toEqual(Array(12).fill(1));
  });
});
