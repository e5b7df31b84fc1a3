import { expect, it } from 'vitest';
import { byVolume } from '../../../src/thinpool/by-volume.ts';

it('is that of the volume that was read, not of another that has its number or its name by now', () => {
  const one = { name: 'a', device: '253:4', writtenBytes: 1 } as const;
  const trafficOf = byVolume([one]);
  expect(trafficOf({ name: 'a', device: '253:4' })).toBe(one);
  expect(trafficOf({ name: 'b', device: '253:4' })).toBeUndefined();
  expect(trafficOf({ name: 'a', device: '253:5' })).toBeUndefined();
});
