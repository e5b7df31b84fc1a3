import { recipePool } from '../../../support/host.ts';
import { makeHost } from '../../../support/makers.ts';
import { type CodeCases, hostWith, lvmPool } from '../each-code.ts';
import { lvm } from './policy.ts';

const MiB = 1024 ** 2;
const settings = {
  checkExecutable: '/usr/sbin/thin_check',
  repairExecutable: '/usr/sbin/thin_repair',
  checkOptions: ['-q', '--clear-needs-check-flag'],
};
const pools = [lvmPool()];
const repairable = (freeBytes: number, spareBytes: number) =>
  hostWith({
    lvm: { ...lvm, metadataSizeBytes: 8 * MiB },
    spare: { sizeBytes: spareBytes, largestOtherBytes: 0 },
    volumeGroup: { ...recipePool.volumeGroup!, vgName: 'vg0', freeBytes },
  });

export const repairCases: CodeCases = {
  'repair-tools-missing': {
    fires: makeHost({
      pools,
      repairSettings: [settings],
      repairTools: [{ missing: ['/usr/sbin/thin_check', '/usr/sbin/thin_repair'] }],
    }),
    summary:
      'LVM cannot check or repair pools: /usr/sbin/thin_check and /usr/sbin/thin_repair are not installed',
    quiet: makeHost({ pools, repairSettings: [settings], repairTools: [{ missing: [] }] }),
  },
  'needs-check-not-cleared': {
    fires: makeHost({ pools, repairSettings: [{ ...settings, checkOptions: ['-q'] }] }),
    summary:
      'LVM\'s check of pools does not clear needs_check: thin_check_options is "-q", without --clear-needs-check-flag',
    quiet: makeHost({ pools, repairSettings: [settings] }),
  },
  'repair-no-room': {
    fires: repairable(4 * MiB, 0),
    summary:
      'pool vg0-data could not be repaired: that needs 8.0 MiB, there is no spare, and VG vg0 has 4.0 MiB free',
    quiet: repairable(0, 8 * MiB),
  },
};
