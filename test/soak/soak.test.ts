import { expect, it } from 'vitest';
import { soak } from './soak.ts';

const hourSeconds = 3600;

it.each([1, 2])(
  'reports the truth for an hour in which everything happens, and recovers completely: %i',
  async (seed) => {
    const { wrongs, compared, mostAtOnce, childrenLeft, seriesLeft } = await soak(hourSeconds, seed);
    expect({ wrongs, childrenLeft, seriesLeft }).toEqual({ wrongs: [], childrenLeft: 0, seriesLeft: [] });
    expect(compared).toBeGreaterThan(10_000);
    expect(mostAtOnce).toBeLessThanOrEqual(8);
  },
  180_000,
);
