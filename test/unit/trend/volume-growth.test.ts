import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Volume } from '../../../src/model/pool.ts';
import { makeVolume } from '../../support/makers.ts';
import { poolAt, Watch } from './fold.ts';

const mib = 1024 ** 2;

function volume(name: string, mapped: number | undefined, deviceId = 1): Volume {
  const known = mapped === undefined ? {} : { mappedBytes: mapped * mib };
  return { ...makeVolume('253:9'), name, deviceId, ...known };
}

/** Sees volumes every 15 s, as the exporter reads them by default. */
function watchVolumes(
  from: number,
  to: number,
  at: (second: number) => readonly Volume[],
  watch = new Watch(),
) {
  for (let second = from; second <= to; second += 15)
    watch.see(second, poolAt(second, 0, { volumes: at(second), volumesTakenAt: second * 1000 }));
  return watch;
}

const rates = ({ trend }: Watch) =>
  (trend?.fastest ?? []).map(({ volume: name, bytesPerSecond }) => `${name} ${bytesPerSecond / mib}`);

it('lists the growing ones, fastest first', () => {
  const watch = watchVolumes(0, 60, (second) => [
    volume('still', 5),
    volume('slow', second),
    volume('shrinking', 100 - second),
    volume('fast', 3 * second),
  ]);
  expect(watch.trend?.fastest).toEqual([
    { volume: 'fast', bytesPerSecond: 3 * mib, mappedBytes: 180 * mib },
    { volume: 'slow', bytesPerSecond: mib, mappedBytes: 60 * mib },
  ]);
});

it('lists ten at most', () => {
  const watch = watchVolumes(0, 60, (second) =>
    Array.from({ length: 50 }, (_, index) => volume(`v${index}`, second * index)),
  );
  expect(rates(watch).slice(0, 2)).toEqual(['v49 49', 'v48 48']);
  expect(rates(watch)).toHaveLength(10);
});

it('reports nothing after one poll, nor about what the latest one added', () => {
  const watch = watchVolumes(0, 0, () => [volume('a', 1)]);
  expect(watch.trend?.fastest).toEqual([]);
  watchVolumes(15, 60, (second) => [volume('a', 1), ...(second === 60 ? [volume('new', 900)] : [])], watch);
  expect(watch.trend?.fastest).toEqual([]);
});

it('covers the last two minutes, and by more only where nothing grew in them', () => {
  const ended = (second: number) => volume('ended', Math.min(second, 60));
  const both = watchVolumes(0, 300, (second) => [ended(second), volume('now', second)]);
  expect(rates(both).map((line) => line.split(' ')[0])).toEqual(['now']);
  const alone = watchVolumes(0, 300, (second) => [ended(second)]);
  expect(rates(alone).map((line) => line.split(' ')[0])).toEqual(['ended']);
});

it('follows a volume when others come and go around it', () => {
  const watch = watchVolumes(0, 150, (second) => [
    ...(second % 30 === 0 ? [volume('passing', 7)] : []),
    volume('stays', second),
    ...(second > 60 ? [volume('late', 2 * second)] : []),
  ]);
  expect(rates(watch)).toEqual(['late 2', 'stays 1']);
});

it('takes a volume that was made anew under its name for another one', () => {
  const watch = watchVolumes(0, 60, () => [volume('a', 1, 1)]);
  watchVolumes(75, 90, () => [volume('a', 900, 2)], watch);
  expect(watch.trend?.fastest).toEqual([]);
});

it('forgets them while they cannot be read', () => {
  const watch = watchVolumes(0, 60, (second) => [volume('a', second)]);
  watch.see(120, poolAt(120, 0, { volumes: [volume('a', undefined)] }));
  expect(watch.trend?.fastest).toEqual([]);
  watchVolumes(180, 180, () => [volume('a', 900)], watch);
  expect(watch.trend?.fastest).toEqual([]);
});

it('reports the rate of any steady growth, whatever comes and goes', () => {
  const sets = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 20 })), { minLength: 12, maxLength: 40 });
  fc.assert(
    fc.property(sets, (steps) => {
      const watch = new Watch();
      for (const [index, set] of steps.entries()) {
        const second = 15 * index;
        const volumes = [...set, 50].map((rate) => volume(`v${rate}`, rate * second));
        watch.see(second, poolAt(second, 0, { volumes, volumesTakenAt: second * 1000 }));
      }
      const fastest = watch.trend?.fastest ?? [];
      expect(fastest[0]?.volume).toBe('v50');
      for (const { volume: name, bytesPerSecond } of fastest)
        expect(bytesPerSecond / mib).toBeCloseTo(Number(name.slice(1)));
    }),
    { numRuns: 200, seed: 1 },
  );
});
