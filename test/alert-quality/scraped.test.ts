import { describe, expect, it } from 'vitest';
import { classes } from './classes.ts';
import { played } from './history.ts';
import { chanceFrom } from './random.ts';
import { type Disturbance, Sketch } from './scenario.ts';
import { scrape } from './scraped.ts';
import type { Tier } from './tiers.ts';

const tier: Tier = { name: 'test', scrape: 5, step: 1, duration: 60 };
const MiB = 1024 ** 2;

function scraped(
  metrics: string[],
  { lag = 0, disturbance }: { lag?: number; disturbance?: Disturbance } = {},
) {
  const sketch = new Sketch(tier, chanceFrom(1), 10, { size: 1000 * MiB, used: 0.88 });
  sketch.demand.data.add(0, 60, 60 * MiB);
  if (disturbance !== undefined) sketch.disturbances.push(disturbance);
  const series = scrape(played({ id: 'h', of: classes[0]!, lag }, sketch), new Set(metrics));
  return Object.fromEntries(
    series.map(({ name, labels, samples }) => [
      `${name} ${labels['mode'] ?? labels['code'] ?? ''}`.trim(),
      samples.map((sample) => (typeof sample === 'number' && sample > MiB ? sample / MiB : sample)),
    ]),
  );
}

describe('what Prometheus holds', () => {
  it('has the requested metrics, as old as the lag', () => {
    const { thinpool_data_used_bytes: used } = scraped(['thinpool_data_used_bytes']);
    expect(used).toEqual([881, 885, 890, 895, 900, 905, 910, 915, 920, 925, 930, 935]);
    const { thinpool_data_used_bytes: older } = scraped(['thinpool_data_used_bytes'], { lag: 3 });
    expect(older).toEqual([881, 882, 887, 892, 897, 902, 907, 912, 917, 922, 927, 932]);
  });

  it('has a gap while Prometheus did not scrape', () => {
    const disturbance = { kind: 'gap', from: 18, to: 28 } as const;
    const { up, thinpool_data_used_bytes: used } = scraped(['up', 'thinpool_data_used_bytes'], {
      disturbance,
    });
    expect(used!.slice(3, 7)).toEqual([895, undefined, undefined, 910]);
    expect(up!.slice(3, 7)).toEqual([1, undefined, undefined, 1]);
  });

  it('ends, once, where the exporter did not answer', () => {
    const disturbance = { kind: 'restart', from: 18, to: 28 } as const;
    const { up, thinpool_data_used_bytes: used } = scraped(['up', 'thinpool_data_used_bytes'], {
      disturbance,
    });
    expect(used!.slice(3, 7)).toEqual([895, 'stale', undefined, 910]);
    expect(up!.slice(3, 7)).toEqual([1, 0, 0, 1]);
  });

  it('shows a finding while it holds, and the mode as a state set', () => {
    const { 'thinpool_finding below-minimum-free': finding, ...modes } = scraped([
      'thinpool_finding',
      'thinpool_mode',
    ]);
    expect(finding!.slice(3, 7)).toEqual([undefined, undefined, 1, 1]);
    expect(Object.keys(modes)).toHaveLength(5);
    expect(modes['thinpool_mode rw']).toEqual(Array(12).fill(1));
  });
});
