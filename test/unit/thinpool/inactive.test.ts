import { expect, test } from 'vitest';
import { isMeantInactive } from '../../../src/thinpool/inactive.ts';

const lvm = { vgName: 'pve', lvName: 'data', role: 'pool' } as const;
const volumeGroup = { vgName: 'pve', sizeBytes: 100, freeBytes: 10, extentBytes: 1, pvNames: [] };

test.each([
  ['its VG is shared', { volumeGroup: { ...volumeGroup, shared: true } }, true],
  ['its VG is exported', { volumeGroup: { ...volumeGroup, exported: true } }, true],
  ['its VG is not activated at boot', { volumeGroup: { ...volumeGroup, autoactivated: false } }, true],
  ['it is not activated at boot', { lvm: { ...lvm, autoactivated: false } }, true],
  ['it skips activation', { lvm: { ...lvm, skipsActivation: true } }, true],
  ['it is activated at boot', { lvm: { ...lvm, autoactivated: true }, volumeGroup }, false],
  ['LVM does not say', { lvm, volumeGroup }, false],
  ['LVM does not report it', {}, false],
] as const)('a pool is inactive on purpose or not: %s', (_, pool, isMeant) => {
  expect(isMeantInactive(pool)).toBe(isMeant);
});
