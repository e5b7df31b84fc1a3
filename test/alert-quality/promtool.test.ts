import { expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { classes } from './classes.ts';
import { exportOf } from './exporter.ts';
import { played } from './history.ts';
import { firingsOf, inputSeries } from './promtool.ts';
import { chanceFrom } from './random.ts';
import { namesOf, passesOf, readRules } from './rules.ts';
import { Sketch } from './scenario.ts';
import type { Tier } from './tiers.ts';

const tier: Tier = { name: 'test', step: 1, poll: 5, finest: 5, duration: 1200 };
const MiB = 1024 ** 2;
const phase = { poll: 0, evaluation: 0 };

/** A pool that gains 1 MiB a second from 500 MiB on, and loses all that at 900 s. */
const sketch = new Sketch(tier, chanceFrom(1), 0, { size: 2000 * MiB, used: 0.25 });
sketch.demand.data.add(0, 900, 900 * MiB).add(900, 901, -900 * MiB);
const history = played({ id: 'h', of: classes[0]!, phase }, sketch);
const exported = exportOf(history);

async function firings(rules: string) {
  const set = readRules(`groups:\n${rules}`);
  const found = await Promise.all(
    passesOf(set, tier).map((pass) => {
      const series = [inputSeries(history, exported, namesOf(pass), 5)];
      return firingsOf({ duration: tier.duration, every: 5, pages: set.tier, pass, series });
    }),
  );
  return found.flat().map(({ labels, from, to }) => [labels['alertname'], from, to]);
}

const used = `thinpool_data_used_bytes / ${MiB}`;
const labels = 'labels: { severity: critical }';

describeWith('promtool')('promtool', () => {
  it('reports from when to when an alert fired', async () => {
    const rules = `
- name: g
  interval: 5s
  rules:
    - { alert: At, expr: '${used} >= 800', ${labels} }
    - { alert: For, expr: '${used} >= 800', for: 1m, ${labels} }
    - { alert: Kept, expr: '${used} >= 800', keep_firing_for: 1m, ${labels} }
    - { alert: Warning, expr: '${used} >= 800', labels: { severity: warning } }
`;
    expect(await firings(rules)).toEqual([
      ['At', 300, 905],
      ['For', 360, 905],
      ['Kept', 300, 965],
    ]);
  });

  it('evaluates each group at its own interval', async () => {
    const rules = `
- name: slow
  interval: 1m
  rules:
    - { record: slow, expr: '${used}' }
    - { alert: Slow, expr: '${used} >= 801', ${labels} }
- name: fast
  interval: 5s
  rules:
    - { alert: Fast, expr: '${used} >= 801', ${labels} }
    - { alert: FastOfSlow, expr: 'slow >= 801', ${labels} }
`;
    expect((await firings(rules)).sort()).toEqual([
      ['Fast', 305, 905],
      ['FastOfSlow', 360, 960],
      ['Slow', 360, 960],
    ]);
  });

  it('says so where the rules are no rules', async () => {
    const rules = `
- name: g
  rules:
    - { alert: A, expr: 'thinpool_data_used_bytes >', ${labels} }
`;
    await expect(firings(rules)).rejects.toThrow('promtool');
  });
});
