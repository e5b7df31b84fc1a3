import { describe, expect, it } from 'vitest';
import { createVolumeChoice } from '../../../src/assemble/choose-volumes.ts';
import type { DmTable, LogicalVolume } from '../../../src/model/facts.ts';

const tables = (...lvs: readonly string[]): DmTable[] =>
  lvs.map((lv) => ({
    name: `vg-${lv}`,
    startSectors: 0,
    lengthSectors: 8,
    targetType: 'thin',
    target: { kind: 'volume', unreadable: false, poolDevice: '253:2' },
  }));

/** Percentages of LVs that are all 1000 bytes large. */
const lvs = (percents: Readonly<Record<string, number>>): LogicalVolume[] =>
  Object.entries(percents).map(([lvName, dataPercent]) => ({
    ...{ vgName: 'vg', lvName, role: 'volume', sizeBytes: 1000, dataPercent },
  }));

const chosen = (choice: ReturnType<ReturnType<typeof createVolumeChoice>>) => [...(choice ?? [])].sort();

describe('the volumes to read', () => {
  it('are all, up to the maximum', () => {
    expect(createVolumeChoice(2)(tables('a', 'b'), lvs({ a: 1, b: 2 }))).toBeUndefined();
  });

  it('are the largest, if there are more', () => {
    expect(chosen(createVolumeChoice(2)(tables('a', 'b', 'c'), lvs({ a: 1, b: 2, c: 3 })))).toEqual([
      'vg-b',
      'vg-c',
    ]);
  });

  it('are the first, where LVM reports nothing of them', () => {
    expect(chosen(createVolumeChoice(2)(tables('a', 'b', 'c'), []))).toEqual(['vg-a', 'vg-b']);
    expect(chosen(createVolumeChoice(2)(tables('a', 'b', 'c'), lvs({ c: 3 })))).toEqual(['vg-a', 'vg-c']);
  });

  it('are never more than the maximum', () => {
    expect(createVolumeChoice(0)(tables('a'), [])?.size).toBe(0);
  });

  it('are also those that grew most, however small', () => {
    const choice = createVolumeChoice(4);
    const all = tables('a', 'b', 'c', 'd', 'e', 'f');
    const sizes = { a: 60, b: 50, c: 40, d: 30, e: 1, f: 2 };
    expect(chosen(choice(all, lvs(sizes)))).toEqual(['vg-a', 'vg-b', 'vg-c', 'vg-d']);
    expect(chosen(choice(all, lvs({ ...sizes, e: 9 })))).toEqual(['vg-a', 'vg-b', 'vg-c', 'vg-e']);
    // A new volume grew by all that it has.
    const more = tables('a', 'b', 'c', 'd', 'e', 'f', 'g');
    expect(chosen(choice(more, lvs({ ...sizes, e: 9, g: 5 })))).toContain('vg-g');
  });

  it('do not change for a small difference, and stay the same object', () => {
    const choice = createVolumeChoice(2);
    const all = tables('a', 'b', 'c');
    const first = choice(all, lvs({ a: 50, b: 40, c: 39 }));
    expect(choice(all, lvs({ a: 50, b: 40, c: 42 }))).toBe(first);
    expect(chosen(choice(all, lvs({ a: 50, b: 40, c: 60 })))).toEqual(['vg-a', 'vg-c']);
  });
});
