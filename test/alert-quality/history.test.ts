import { describe, expect, it } from 'vitest';
import { classes } from './classes.ts';
import { groupedBy } from './grouped.ts';
import { allHistories, type History, historyOf } from './history.ts';

const histories = allHistories();

const outcomeOf = ({ truth: { fills, isQuiet } }: History): string =>
  fills ? 'fills' : isQuiet ? 'quiet' : 'crosses';

describe('histories', () => {
  it('are 450 or more, each with an id of its own', () => {
    expect(histories.length).toBeGreaterThanOrEqual(450);
    expect(new Set(histories.map(({ id }) => id)).size).toBe(histories.length);
  });

  it.each(classes.map((of) => [of.name, of] as const))('%s: come out as they are meant to', (_, of) => {
    const ofClass = histories.filter((history) => history.of === of);
    expect(ofClass.map(outcomeOf)).toEqual(ofClass.map(() => of.outcome));
  });

  it('never fill in about half of the cases', () => {
    const filling = histories.filter(({ truth }) => truth.fills).length;
    expect(filling / histories.length).toBeGreaterThan(0.4);
    expect(filling / histories.length).toBeLessThan(0.6);
  });

  it('have a minimum free in about half of the cases', () => {
    const withMinimumFree = histories.filter(({ plan }) => plan.minimumFreePercent > 0).length;
    expect(withMinimumFree / histories.length).toBeGreaterThan(0.4);
    expect(withMinimumFree / histories.length).toBeLessThan(0.6);
  });

  it('are of pools of 10 GB to 100 TB, and of every size between', () => {
    const powers = histories.map(({ plan }) => Math.floor(Math.log10(plan.data.size)));
    expect([...groupedBy(powers, (power) => power).keys()].sort((one, other) => one - other)).toEqual([
      10, 11, 12, 13,
    ]);
  });

  it('fill at no more than 2 GB/s, as far as data goes', () => {
    const fills = histories.filter(({ of }) => of.name.startsWith('steady fill'));
    const rates = fills.map(({ plan, truth: { dangers } }) => {
      const full = dangers.find(({ kind }) => kind === 'full')!;
      return (plan.data.size - plan.data.used) / (full.at - full.onset);
    });
    expect(Math.max(...rates)).toBeLessThan(2.05e9);
    expect(Math.max(...rates)).toBeGreaterThan(0.8e9);
    expect(Math.min(...rates)).toBeGreaterThan(0.95e6);
    expect(Math.min(...rates)).toBeLessThan(4e6);
  });

  it('are the same each time', () => {
    const [of] = classes;
    const [one, other] = [historyOf(of!, 3), historyOf(of!, 3)];
    expect(other).toEqual(one);
    expect(historyOf(of!, 4).course).not.toEqual(one.course);
  });
});
