import { describe, expect, it, vi } from 'vitest';
import { paceSnapshots } from '../../../src/collect/pace-snapshots.ts';
import { makeSnapshot } from '../../support/makers.ts';

describe('snapshots for requests', () => {
  it('are not taken again before four times as long has passed', () => {
    let now = 0;
    let taken = makeSnapshot();
    const take = vi.fn(() => {
      now += 300;
      taken = makeSnapshot({ version: taken.version + 1 });
      return taken;
    });
    const latest = paceSnapshots({ current: take, latest: () => taken }, () => now);
    expect(latest()).toBe(taken);
    for (now = 310; now < 1500; now += 10) expect(latest()).toBe(taken);
    expect(take).toHaveBeenCalledTimes(1);
    latest();
    expect(take).toHaveBeenCalledTimes(2);
    // The next beat.
    taken = makeSnapshot({ version: 9 });
    expect(latest()).toBe(taken);
    expect(take).toHaveBeenCalledTimes(2);
  });

  it('are always current where nothing had to be joined', () => {
    const taken = makeSnapshot();
    const current = vi.fn(() => taken);
    const latest = paceSnapshots({ current, latest: () => taken });
    for (let request = 0; request < 5; request += 1) expect(latest()).toBe(taken);
    expect(current).toHaveBeenCalledTimes(5);
  });
});
