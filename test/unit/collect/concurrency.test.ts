import { describe, expect, test } from 'vitest';
import { Slots } from '../../../src/collect/concurrency.ts';

describe('with turns', () => {
  test('queries start one per turn of the event loop, in order, and no more than there are places', async () => {
    const turns: (() => void)[] = [];
    const started: number[] = [];
    const slots = new Slots(2, () => new Promise((resolve) => turns.push(resolve)));
    const ends: (() => void)[] = [];
    for (const index of [0, 1, 2])
      void slots.run(() => {
        started.push(index);
        return new Promise<void>((resolve) => ends.push(resolve));
      });
    const pass = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      turns.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    expect(started).toEqual([]);
    await pass();
    expect(started).toEqual([0]);
    await pass();
    await pass();
    expect(started).toEqual([0, 1]);
    ends[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toEqual([0, 1]);
    await pass();
    expect(started).toEqual([0, 1, 2]);
  });
});
