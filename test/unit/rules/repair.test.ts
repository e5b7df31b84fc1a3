import { expect, it } from 'vitest';
import type { Host } from '../../../src/model/host.ts';
import { recipePool } from '../../support/host.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makePool } from '../../support/makers.ts';

const found = (parts: Partial<Host>) =>
  judgeHost(makeHost({ pools: [recipePool], ...parts })).findings.filter(({ code }) =>
    /repair|cleared/.test(code),
  );

it('says that a program is switched off in lvm.conf, and needs no clearing then', () => {
  const repairSettings = [
    { checkExecutable: '', repairExecutable: '/usr/sbin/thin_repair', checkOptions: [] },
  ];
  expect(found({ repairSettings }).map(({ summary }) => summary)).toEqual([
    'LVM does not check or repair pools: thin_check is switched off in lvm.conf',
  ]);
});

it('is quiet where nothing is known, and where LVM manages no pool', () => {
  expect(found({})).toEqual([]);
  const repairSettings = [{ checkExecutable: '/x', checkOptions: [] }];
  const repairTools = [{ missing: ['/x'] }];
  expect(found({ repairSettings, repairTools })).toHaveLength(2);
  expect(found({ repairSettings, repairTools, pools: [makePool({ owner: 'docker' })] })).toEqual([]);
});

it('takes room in the VG for a spare', () => {
  const lvm = {
    vgName: 'docker',
    lvName: 'thinpool',
    role: 'pool',
    metadataSizeBytes: 40 * 1024 ** 2,
  } as const;
  const pool = { ...recipePool, lvm, spare: { sizeBytes: 4 * 1024 ** 2, largestOtherBytes: 0 } };
  // 36 MiB are free in the VG.
  expect(found({ pools: [pool] })).toEqual([]);
  const larger = { ...pool, lvm: { ...lvm, metadataSizeBytes: 44 * 1024 ** 2 } };
  expect(found({ pools: [larger] })).toMatchObject([{ code: 'repair-no-room', severity: 'warning' }]);
  const missing = { ...larger, volumeGroup: { ...recipePool.volumeGroup!, missingPvCount: 1 } };
  expect(found({ pools: [missing] })).toEqual([]);
});
