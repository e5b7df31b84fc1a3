import { describe, expect, it, vi } from 'vitest';
import { createReports } from '../../../src/cli/collector-reports.ts';
import { makeCollector, makeHost, makeSnapshot } from '../../support/makers.ts';

describe('reports of collectors', () => {
  const state = makeCollector({ name: 'pools' });
  const host = makeHost({ collectors: [state, makeCollector({ name: 'lvm' })] });

  function createTimed() {
    let now = 0;
    let snapshot = makeSnapshot({ host });
    const trace = vi.fn(() => {
      now += 200;
      return { state, lastReads: [], facts: [], ownHost: host };
    });
    const reports = createReports(
      { trace },
      () => snapshot,
      () => now,
    );
    return {
      trace,
      reports,
      at: (ms: number) => {
        now = ms;
        snapshot = makeSnapshot({ host, version: snapshot.version + 1 });
      },
    };
  }

  it('use a fifth of the time together, and may be a little behind', async () => {
    const { trace, reports, at } = createTimed();
    const first = await reports('pools');
    at(900);
    expect(await reports('pools')).toBe(first);
    // One that was never made does not wait for that.
    expect(await reports('lvm')).toBeDefined();
    expect(trace).toHaveBeenCalledTimes(2);
    at(1899);
    expect(await reports('pools')).toBe(first);
    at(1900);
    expect(await reports('pools')).not.toBe(first);
  });

  it('are not made of an unknown name', async () => {
    const { trace, reports } = createTimed();
    expect(await reports('nothing')).toBeUndefined();
    expect(trace).not.toHaveBeenCalled();
  });

  it('that failed are made again', async () => {
    const trace = vi.fn((): never => {
      throw new Error('broken');
    });
    const snapshot = makeSnapshot({ host });
    const reports = createReports(
      { trace },
      () => snapshot,
      () => 0,
    );
    await expect(reports('pools')).rejects.toThrow('broken');
    await expect(reports('pools')).rejects.toThrow('broken');
    expect(trace).toHaveBeenCalledTimes(2);
  });
});
