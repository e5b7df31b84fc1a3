import { describe, expect, it } from 'vitest';
import { classes } from './classes.ts';
import { exportOf } from './exporter.ts';
import { played } from './history.ts';
import { chanceFrom } from './random.ts';
import { type Disturbance, Sketch } from './scenario.ts';
import type { Tier } from './tiers.ts';

const tier: Tier = { name: 'test', step: 1, poll: 5, finest: 5, duration: 1200 };
const GiB = 1024 ** 3;

/** Passes the threshold of LVM at 300 s, and the VG has nothing to give. */
function exported(disturbances: readonly Disturbance[] = [], poll?: number) {
  const sketch = new Sketch(tier, chanceFrom(1), 0, { size: 1000 * GiB, used: 0.5 });
  sketch.autoextend = { thresholdPercent: 80, stepPercent: 20, vgFree: 0 };
  sketch.write(300, 301, 310 * GiB);
  sketch.disturbances.push(...disturbances);
  if (poll !== undefined) sketch.poll = poll;
  const { polls, findings } = exportOf(
    played({ id: 'h', of: classes[0]!, phase: { poll: 0.4, evaluation: 0 } }, sketch),
  );
  const from = (code: string, resource: string): number | undefined => {
    const found = findings.find(({ labels }) => labels['code'] === code && labels['resource'] === resource);
    return found && polls[found.polls[0]![0]];
  };
  return { polls, from };
}

describe('the simulated exporter', () => {
  it('polls at its own pace, from a phase of its own on', () => {
    expect(exported().polls.slice(0, 4)).toEqual([-3, 2, 7, 12]);
    expect(exported([], 60).polls.slice(0, 3)).toEqual([-36, 24, 84]);
  });

  it('reports what its own rules find, when they find it', () => {
    const { from } = exported();
    expect(from('autoextend-no-room', 'data')).toBe(302);
    // Reported once it has lasted for three minutes.
    expect(from('lvm-refuses-new-volumes', 'data')).toBe(482);
  });

  it('forgets everything in a restart, and polls as soon as it is back', () => {
    const { polls, from } = exported([{ kind: 'restart', from: 400, to: 410 }]);
    expect(polls.filter((at) => at > 390 && at < 420)).toEqual([392, 397, 410, 415]);
    expect(from('lvm-refuses-new-volumes', 'data')).toBe(590);
  });

  it('goes on polling while Prometheus does not scrape', () => {
    expect(exported([{ kind: 'gap', from: 400, to: 410 }])).toMatchObject({ polls: exported().polls });
  });

  it('polls faster while the pool could soon be full', () => {
    const sketch = new Sketch(tier, chanceFrom(1), 0, { size: 1000 * GiB, used: 0.5 });
    sketch.write(100, 160, 500 * GiB);
    const { polls } = exportOf(
      played({ id: 'h', of: classes[0]!, phase: { poll: 1, evaluation: 0 } }, sketch),
    );
    expect(polls.filter((at) => at > 100 && at < 150).length).toBeGreaterThan(20);
  });
});
