import { checkAgreement } from '../guest/agreement.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import { makeFilledPool } from '../guest/filled-pool.ts';
import type { Lab } from '../guest/lab.ts';
import { loadModules } from '../guest/trial.ts';
import { compareGroup, readGroupTruth } from '../guest/truth.ts';
import { openWatch, type Watch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const policy = 'activation { thin_pool_autoextend_threshold=80 thin_pool_autoextend_percent=20 }';
const args = ['--collector.lvm.interval=20s', '--collector.lvm.timeout=15s'];
const lvmSeconds = 45;
const mebibyte = 1024 ** 2;

const fill = (vg: string, mebibytes: number) =>
  `dd if=/dev/zero of=/dev/${vg}/thin bs=1M count=${mebibytes} oflag=direct`;

export const lvmRoom = defineScenario({
  name: 'lvm-room',
  about:
    'what LVM says that an extension needs and lacks: RAID1, stripes, a PV that gives nothing, metadata with and without a spare; and a volume of 8 PiB',
  disks: ['512M', '512M', '512M', '512M', '512M', '512M', '512M', '40G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    await loadModules(lab, ['dm-raid', 'raid1']);
    await lab.sh(`echo '${policy}' >>/etc/lvm/lvmlocal.conf`);
    await makeMirrored(lab);
    await makeStriped(lab);
    await makeClosed(lab);
    await lab.sh('vgcreate -s 1m deep /dev/ubdh');
    // Nine tenths of 1024 blocks of metadata are used. The lab says when LVM extends it.
    for (const name of ['bare', 'spared'])
      await makeFilledPool(lab, {
        ...{ vg: 'deep', name, dataMebibytes: 16_384, metadataMebibytes: 4, mapped: { leaves: 800 } },
        ...{ options: '--poolmetadataspare n', monitored: false },
      });
    const watch = await openWatch(lab, args);
    await watch.step({
      name: 'three pools that need more than there is',
      findings: ['mirrored', 'striped', 'closed'].map((vg) => `autoextend-no-room ${vg}-pool`),
      exit: 1,
      within: lvmSeconds,
    });
    for (const vg of ['mirrored', 'striped', 'closed']) await checkRefusal(watch, vg);
    await checkMetadata(watch, 'bare', 'without a spare');
    await checkMetadata(watch, 'spared', 'with a spare that is large enough');
    await checkHuge(watch);
    await watch.finish();
  },
});

/** Each extent of it takes one on each of two PVs. */
async function makeMirrored(lab: Lab): Promise<void> {
  await lab.sh(`vgcreate mirrored /dev/ubda /dev/ubdb
lvcreate -y --type raid1 -m 1 --nosync -l 105 -n pool mirrored && lvcreate -y -l 1 -n meta mirrored
lvconvert -y --thinpool mirrored/pool --poolmetadata mirrored/meta
lvcreate -V 1G --thin mirrored/pool -n thin && ${fill('mirrored', 350)}`);
}

/** Its stripes are on two PVs, and the only one with room is a third. */
async function makeStriped(lab: Lab): Promise<void> {
  await lab.sh(`vgcreate striped /dev/ubdc /dev/ubdd
lvcreate -y -l 1 -n meta striped && lvcreate -y -l 1 -n gap striped
lvcreate -y -i 2 -l 240 -n pool striped
lvconvert -y --thinpool striped/pool --poolmetadata striped/meta
lvremove -y striped/gap && lvcreate -y -l 100%FREE -n ballast striped
vgextend striped /dev/ubde
lvcreate -V 2G --thin striped/pool -n thin && ${fill('striped', 800)}`);
}

/** Nearly all its free space is on a PV from which LVM takes nothing. */
async function makeClosed(lab: Lab): Promise<void> {
  await lab.sh(`vgcreate closed /dev/ubdf
lvcreate -y -l 115 --poolmetadatasize 4M --thinpool pool closed
vgextend closed /dev/ubdg && pvchange -xn /dev/ubdg
lvcreate -V 1G --thin closed/pool -n thin && ${fill('closed', 385)}`);
}

interface Refusal {
  readonly needed?: number;
  readonly lacking: number;
}

/** The extents that LVM names when it cannot extend a pool. */
function parseRefusal(stderr: string): Refusal | undefined {
  const [, needed, available] = /(\d+) extents needed, but only (\d+) available/.exec(stderr) ?? [];
  if (needed !== undefined) return { needed: Number(needed), lacking: Number(needed) - Number(available) };
  const [, more] = /: (\d+) more required/.exec(stderr) ?? [];
  return more === undefined ? undefined : { lacking: Number(more) };
}

async function checkRefusal({ lab, exporter }: Watch, vg: string): Promise<void> {
  const { stderr, exitCode } = await lab.run(['lvextend', '--use-policies', `${vg}/pool`]);
  const refusal = parseRefusal(stderr);
  lab.check(`${vg}: LVM cannot extend it`, exitCode === 5 && refusal !== undefined, stderr.trim());
  if (refusal === undefined) return;
  await checkAgreement(lab, `${vg}: needed and lacking as LVM says`, lvmSeconds, async () =>
    compareStep(await exporter.samples(), `${vg}-pool`, refusal),
  );
}

function compareStep(samples: readonly Sample[], pool: string, refusal: Refusal): readonly string[] {
  const labels = { pool, resource: 'data' };
  const extents = (what: string) =>
    (findValue(samples, `thinpool_lvm_autoextend_${what}_bytes`, labels) ?? Number.NaN) / (4 * mebibyte);
  const { needed = extents('needed'), lacking } = refusal;
  return [
    ...(extents('needed') === needed ? [] : [`${extents('needed')} extents needed, not ${needed}`]),
    ...(extents('shortfall') === lacking ? [] : [`${extents('shortfall')} extents short, not ${lacking}`]),
  ];
}

/** LVM extends metadata, and the VG has less by what was said to be needed. */
async function checkMetadata({ lab, exporter }: Watch, name: string, step: string): Promise<void> {
  const pool = `deep-${name}`;
  const before = await readGroupTruth(lab, 'deep');
  await checkAgreement(lab, `${step}: the VG as vgs says`, lvmSeconds, async () =>
    compareGroup(await exporter.samples(), 'deep', before),
  );
  const labels = { pool, resource: 'metadata' };
  const said = findValue(await exporter.samples(), 'thinpool_lvm_autoextend_needed_bytes', labels);
  await lab.sh(`lvextend --use-policies deep/${name}`);
  const taken = before.freeBytes - (await readGroupTruth(lab, 'deep')).freeBytes;
  lab.check(
    `${step}: an extension of metadata takes what was said`,
    said === taken,
    `${taken} taken, ${said} said`,
  );
}

/** As many bytes as a double can count; no other volume's facts suffer. Extents of 1 MiB allow no volume of that size. */
async function checkHuge({ lab, exporter, step }: Watch): Promise<void> {
  await step({
    name: 'a volume of 8 PiB',
    act: 'lvcreate -L 64M --thinpool roomy striped && lvcreate -V 8P --thin striped/roomy -n huge',
    findings: ['autoextend-no-room mirrored-pool'],
    without: ['collector-failing lvm', 'lvm-does-not-report-pool striped-roomy'],
    exit: 1,
    within: lvmSeconds,
    volumes: true,
    also: compareHuge,
  });
  await checkAgreement(lab, 'a volume of 8 PiB: the VG as vgs says', lvmSeconds, async () =>
    compareGroup(await exporter.samples(), 'striped', await readGroupTruth(lab, 'striped')),
  );
}

function compareHuge(samples: readonly Sample[]): readonly string[] {
  const pool = 'striped-roomy';
  const volumes = findValue(samples, 'thinpool_lvm_thin_volumes', { pool });
  const provisioned = findValue(samples, 'thinpool_provisioned_bytes', { pool });
  const expected = 8 * 1024 ** 5;
  return [
    ...(volumes === 1 ? [] : [`${volumes} volumes, not 1`]),
    ...(provisioned === expected ? [] : [`${provisioned} provisioned, not ${expected}`]),
  ];
}
