import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { loadModules } from '../guest/trial.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const args = [
  '--collector.layers.interval=11s',
  '--collector.lvm.interval=20s',
  '--collector.lvm.timeout=15s',
];
/** The finding waits for a minute. */
const within = 90;
const pool = 'vg-pool';
const leg = 'vg-pool_tdata_rimage_1';
const write = (from: number) => `dd if=/dev/zero of=/dev/vg/thin bs=1M seek=${from} count=16 oflag=direct`;

export const raidUnderPool = defineScenario({
  name: 'raid-under-pool',
  about:
    'RAID1 under the data of a pool, a leg of it fails, and comes back; then a cache over it, which fails',
  disks: ['1G', '1G', '1G', '1G'],
  needsExporter: true,
  timeoutSeconds: 900,
  steps: async (lab) => {
    await loadModules(lab, ['dm-raid', 'raid1', 'dm-cache', 'dm-cache-smq']);
    await lab.sh(`vgcreate vg /dev/ubda /dev/ubdb /dev/ubdc /dev/ubdd
lvcreate -y --type raid1 -m 1 -L 256M -n pool vg /dev/ubda /dev/ubdb
lvcreate -y -L 8M -n meta vg /dev/ubdc
lvconvert -y --thinpool vg/pool --poolmetadata vg/meta
lvcreate -V 200M --thin vg/pool -n thin`);
    const { step, finish } = await openWatch(lab, args);
    const layers = (expected: Layers) => (samples: readonly Sample[]) =>
      compareLayers(lab, samples, expected);
    await step({
      name: 'in sync',
      act: write(0),
      without: [`raid-degraded ${pool}`],
      exit: 0,
      volumes: true,
      within: 30,
      also: layers({ failed: 0, inSync: true }),
    });
    await step({
      name: 'a leg fails',
      act: `${replaceDevice(leg, 'error')} && ${write(16)}`,
      findings: [`raid-degraded ${pool}`],
      exit: 1,
      within,
      also: layers({ failed: 1 }),
    });
    await step({
      name: 'the leg is back',
      act: `${replaceDevice(leg, 'linear $place')} && lvchange --refresh vg/pool && ${write(32)}`,
      // The kernel's message that a leg failed stays a warning for a while.
      findings: [`storage-errors ${pool}`],
      without: [`raid-degraded ${pool}`],
      exit: 1,
      within,
      also: layers({ failed: 0, inSync: true }),
    });
    await step({
      name: 'a cache over it',
      act: `lvcreate -y -L 64M -n fast vg /dev/ubdd && lvconvert -y --type cache --cachevol fast vg/pool && ${write(48)}`,
      without: [`raid-degraded ${pool}`, `cache-unusable ${pool}`],
      exit: 1,
      within: 45,
      also: layers({ failed: 0, inSync: true, cache: { failed: 0, needsCheck: 0 } }),
    });
    await step({
      name: 'the metadata of the cache fails',
      // Nothing is promoted here, so that the cache writes its metadata only when it is suspended.
      act: `${replaceDevice('vg-fast_cvol-cmeta', 'error')}
dmsetup suspend ${pool}_tdata; dmsetup resume ${pool}_tdata`,
      critical: [`cache-unusable ${pool}`],
      exit: 2,
      within: 45,
    });
    await finish();
  },
});

/** Puts another target below a device; `$place` is its place on the disk. */
function replaceDevice(name: string, target: string): string {
  return `[ -e /run/place-${name} ] || dmsetup table ${name} | cut -d' ' -f4,5 >/run/place-${name}
place=$(cat /run/place-${name})
dmsetup suspend --noflush --nolockfs ${name}
dmsetup reload ${name} --table "0 $(blockdev --getsz /dev/mapper/${name}) ${target}"
dmsetup resume ${name}`;
}

interface Layers {
  readonly failed: number;
  readonly inSync?: true;
  /** Absent: there is none. */
  readonly cache?: { readonly failed: number; readonly needsCheck?: number };
}

async function compareLayers(
  lab: Lab,
  samples: readonly Sample[],
  { failed, inSync, cache }: Layers,
): Promise<readonly string[]> {
  const value = (what: string) => findValue(samples, `thinpool_${what}`, { pool });
  const { stdout } = await lab.run(['dmsetup', 'status', '--noflush', '--target', 'raid']);
  const ratio = value('raid_sync_ratio');
  return [
    ...(value('raid_devices') === 2 ? [] : [`${value('raid_devices')} RAID devices`]),
    ...(value('raid_devices_failed') === failed ? [] : [`${value('raid_devices_failed')} failed; ${stdout}`]),
    ...(!inSync || ratio === 1 ? [] : [`sync ratio ${ratio}; ${stdout}`]),
    ...(value('cache_failed') === cache?.failed ? [] : [`cache_failed is ${value('cache_failed')}`]),
    ...(value('cache_needs_check') === cache?.needsCheck ? [] : ['cache_needs_check is not that']),
  ];
}
