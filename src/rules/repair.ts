import { formatBytes } from '../format/bytes.ts';
import type { Host } from '../model/host.ts';
import type { Pool } from '../model/pool.ts';
import { allocatableBytes, obstacleOf } from '../thinpool/vg-room.ts';
import { vgOf } from './commands.ts';
import { type Hit, type PoolHit, poolRule, type Rule } from './rule.ts';

/** LVM checks and repairs only pools that it manages. */
function hasLvmPools({ pools }: Host): boolean {
  return pools.some(({ owner }) => owner === 'lvm');
}

function toolsMissing(host: Host): Hit[] {
  const [settings] = host.repairSettings;
  if (!hasLvmPools(host) || settings === undefined) return [];
  const missing = host.repairTools.flatMap((tools) => tools.missing);
  const off = Object.entries({ thin_check: settings.checkExecutable, thin_repair: settings.repairExecutable })
    .filter(([, path]) => path === '')
    .map(([name]) => name);
  if (missing.length > 0)
    return [
      {
        summary: `LVM cannot check or repair pools: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed`,
      },
    ];
  if (off.length === 0) return [];
  return [
    {
      summary: `LVM does not check or repair pools: ${off.join(' and ')} ${off.length === 1 ? 'is' : 'are'} switched off in lvm.conf`,
      advice: `Remove ${off.map((name) => `\`global/${name}_executable\``).join(' and ')} from lvm.conf: the default is the installed program.`,
    },
  ];
}

const clearing = '--clear-needs-check-flag';

function keepsFlag(host: Host): Hit[] {
  const [settings] = host.repairSettings;
  const options = settings?.checkOptions;
  if (!hasLvmPools(host) || options === undefined || settings?.checkExecutable === '') return [];
  if (options.includes(clearing)) return [];
  const given = options.length === 0 ? 'empty' : `"${options.join(' ')}"`;
  return [
    {
      summary: `LVM's check of pools does not clear needs_check: thin_check_options is ${given}, without ${clearing}`,
    },
  ];
}

/** What a repair writes its result to: the spare, or as much in the VG. */
function lacksRepairRoom({ lvm, spare, volumeGroup, vgName }: Pool): PoolHit[] {
  const size = lvm?.metadataSizeBytes;
  // Nothing can be allocated in a VG that cannot be changed: that is a finding of its own.
  if (
    spare === undefined ||
    size === undefined ||
    volumeGroup === undefined ||
    obstacleOf(volumeGroup) !== undefined
  )
    return [];
  const missing = size - spare.sizeBytes;
  const free = allocatableBytes(volumeGroup) ?? volumeGroup.freeBytes;
  if (missing <= 0 || free >= missing) return [];
  const has = spare.sizeBytes === 0 ? 'there is no spare' : `the spare has ${formatBytes(spare.sizeBytes)}`;
  return [
    {
      resource: 'metadata',
      message: `could not be repaired: that needs ${formatBytes(size)}, ${has}, and VG ${vgName} has ${formatBytes(free)} free`,
    },
  ];
}

/** Whether a pool could be repaired, before it has to be. */
export const repairRules: readonly Rule[] = [
  {
    code: 'repair-tools-missing',
    severity: 'warning',
    about: 'setup',
    alert: 'ThinPoolRisk',
    meaning:
      'thin_check or thin_repair, as lvm.conf names them, is not installed, or is switched off there. LVM then activates pools without a check, and cannot repair one. Not reported where dmeventd is missing too, as in a container.',
    advice:
      'Install them: package thin-provisioning-tools (Debian, Ubuntu, Proxmox VE) or device-mapper-persistent-data (Red Hat, SUSE: thin-provisioning-tools).',
    find: toolsMissing,
  },
  {
    code: 'needs-check-not-cleared',
    severity: 'info',
    about: 'setup',
    alert: 'ThinPoolRisk',
    meaning:
      'thin_check_options of lvm.conf lacks --clear-needs-check-flag. After a failed metadata operation the pool stays read-only, even if the check at its activation finds nothing wrong.',
    advice:
      'Set `thin_check_options = [ "-q", "--clear-needs-check-flag" ]` in the section global of lvm.conf, or remove the line: it is the default.',
    find: keepsFlag,
  },
  poolRule({
    code: 'repair-no-room',
    restsOnLvm: true,
    severity: 'warning',
    about: 'setup',
    alert: 'ThinPoolRisk',
    meaning:
      "A repair of the metadata needs as much space again: in LVM's spare (lvol0_pmspare) or free in the VG. There is neither, so `lvconvert --repair` would fail when it is needed.",
    advice: (pool) => `Add a PV to the VG: \`vgextend ${vgOf(pool)} DEVICE\`. Or free extents in it.`,
    judge: lacksRepairRoom,
  }),
];
