import { checkAgreement } from '../guest/agreement.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { readPoolTruth } from '../guest/truth.ts';
import { openWatch, type Watch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const mebibyte = 1024 ** 2;
const fileBytes = 160 * mebibyte;
/** Journals, directories, and the blocks at the ends of what was discarded, which are kept. */
const roundingBytes = 24 * mebibyte;
const fileSystems = ['ext4', 'xfs'] as const;
/** Volumes are read every half minute, and their traffic every minute. */
const trafficArgs = [
  '--collector.traffic.interval=12s',
  '--collector.volumes.interval=12s',
  '--collector.mounts.interval=12s',
  '--collector.volumes.timeout=10s',
];
const trafficSeconds = 30;

interface Trimmed {
  readonly mode: 'passdown' | 'nopassdown' | 'ignore';
  /** As the kernel calls it. */
  readonly status: string;
}

const passdown: Trimmed = { mode: 'passdown', status: 'discard_passdown' };
const nopassdown: Trimmed = { mode: 'nopassdown', status: 'no_discard_passdown' };
const ignore: Trimmed = { mode: 'ignore', status: 'ignore_discard' };

export const trim = defineScenario({
  name: 'trim',
  about:
    'fstrim of ext4 and XFS in pools that pass discards down, keep them, and ignore them; a volume that was never trimmed',
  disks: ['3G', '3G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    // A disk of the guest takes discards of 32 KiB at most, less than a block: the kernel then passes none down.
    await lab.sh(
      `mkdir /run/disks && mount -t tmpfs -o size=8G disks /run/disks
for number in 0 1; do truncate -s 1500M /run/disks/$number && losetup /dev/loop$number /run/disks/$number; done`,
    );
    await makePool(lab, passdown, '/dev/loop0');
    await makePool(lab, nopassdown, '/dev/loop1');
    await makePool(lab, ignore, '/dev/ubda');
    await makeRewritten(lab);
    const watch = await openWatch(lab, trafficArgs);
    await watch.step({
      name: 'before',
      findings: ['never-discards ignore-pool', 'never-discards rewritten-pool'],
      without: ['never-discards passdown-pool', 'never-discards nopassdown-pool'],
      exit: 0,
      within: trafficSeconds,
      volumes: true,
    });
    for (const mode of [passdown, nopassdown, ignore]) await checkTrim(watch, mode);
    await watch.step({
      name: 'trimmed',
      act: 'blkdiscard -o 0 -l 64M /dev/rewritten/thin',
      findings: ['never-discards ignore-pool'],
      without: ['passdown', 'nopassdown', 'rewritten'].map((vg) => `never-discards ${vg}-pool`),
      exit: 0,
      within: trafficSeconds,
      volumes: true,
    });
    await watch.finish();
  },
});

/** With a file system of each type, which discards nothing when it is made, nor when files are deleted. */
async function makePool(lab: Lab, { mode, status }: Trimmed, disk: string): Promise<void> {
  await lab.sh(`vgcreate ${mode} ${disk}
lvcreate -L 1G -c 64k --discards ${mode} --thinpool pool ${mode}
for type in ${fileSystems.join(' ')}; do lvcreate -V 400M --thin ${mode}/pool -n $type; mkdir -p /mnt/${mode}-$type; done
mkfs.ext4 -q -E nodiscard,lazy_itable_init=0,lazy_journal_init=0 /dev/${mode}/ext4 && mount /dev/${mode}/ext4 /mnt/${mode}-ext4
mkfs.xfs -q -K /dev/${mode}/xfs && mount /dev/${mode}/xfs /mnt/${mode}-xfs`);
  const { stdout } = await lab.run(['dmsetup', 'status', '--noflush', `${mode}-pool-tpool`]);
  lab.check(`${mode}: the kernel says ${status}`, stdout.split(' ').includes(status), stdout.trim());
}

/** A volume of 1 GiB that was written five times, and not discarded in the nine days since it was made. */
async function makeRewritten(lab: Lab): Promise<void> {
  const write = 'dd if=/dev/zero of=/dev/rewritten/thin bs=4M count=264 oflag=direct 2>/dev/null';
  await lab.sh(
    `vgcreate rewritten /dev/ubdb && lvcreate -L 2G --thinpool pool rewritten
lvcreate -V 1200M --thin rewritten/pool -n thin
for pass in 1 2 3 4 5; do ${write}; done
busybox date -u -s @$(($(busybox date +%s) + 9 * 86400))`,
    { timeoutMs: 300_000 },
  );
}

/** Files are written, deleted and trimmed: what comes back to the pool, and what the exporter says of it. */
async function checkTrim({ lab, exporter, step }: Watch, { mode }: Trimmed): Promise<void> {
  const pool = `${mode}-pool`;
  const folders = fileSystems.map((type) => `/mnt/${mode}-${type}`);
  await step({
    name: `${mode}: files deleted`,
    act: folders
      .map(
        (
          folder,
        ) => `dd if=/dev/zero of=${folder}/file bs=1M count=${fileBytes / mebibyte} conv=fsync 2>/dev/null
rm ${folder}/file && sync -f ${folder}`,
      )
      .join('\n'),
    exit: 0,
  });
  await checkReclaimable(lab, exporter.samples, mode, 'deleted');
  const readUsed = async () => findValue(await exporter.samples(), 'thinpool_data_used_bytes', { pool });
  const disk = await readDiscarded(lab, diskOf(mode));
  const before = await readPoolTruth(lab, `${pool}-tpool`);
  const usedBefore = await readUsed();
  for (const folder of folders) await checkFstrim(lab, folder, mode === 'ignore');
  await step({ name: `${mode}: trimmed`, exit: 0, volumes: true });
  await checkReclaimable(lab, exporter.samples, mode, mode === 'ignore' ? 'deleted' : 'trimmed');
  const after = await readPoolTruth(lab, `${pool}-tpool`);
  const freed = (before.usedData - after.usedData) * after.blockBytes;
  const most = mode === 'ignore' ? 0 : fileSystems.length * (fileBytes + roundingBytes);
  const least = mode === 'ignore' ? 0 : fileSystems.length * (fileBytes - roundingBytes);
  lab.check(
    `${mode}: the files come back to the pool, unless it ignores discards`,
    freed >= least && freed <= most,
    `${freed} bytes`,
  );
  const said = (usedBefore ?? Number.NaN) - ((await readUsed()) ?? Number.NaN);
  lab.check(`${mode}: the exporter says what was freed`, said === freed, `${said} of ${freed}`);
  for (const type of fileSystems)
    await checkAgreement(lab, `${mode}, ${type}: traffic as the kernel counts it`, trafficSeconds, async () =>
      compareTraffic(lab, await exporter.samples(), `${mode}-${type}`, mode === 'ignore'),
    );
  const passed = (await readDiscarded(lab, diskOf(mode))) - disk;
  lab.check(
    `${mode}: the disk is discarded only with passdown`,
    mode === 'passdown' ? passed >= least : passed === 0,
    `${passed} bytes`,
  );
}

async function checkFstrim(lab: Lab, folder: string, isRefused: boolean): Promise<void> {
  const { exitCode, stderr } = await lab.run(['fstrim', folder], { timeoutMs: 60_000 });
  const name = `fstrim ${folder} ${isRefused ? 'is refused' : 'runs'}`;
  lab.check(name, (exitCode === 0) !== isRefused, stderr.trim() || undefined);
}

/** What a trim may free is an upper bound: inode tables and the log are mapped, and no file system counts them as used. */
async function checkReclaimable(
  lab: Lab,
  samples: () => Promise<readonly Sample[]>,
  mode: Trimmed['mode'],
  files: 'deleted' | 'trimmed',
): Promise<void> {
  for (const type of fileSystems) {
    const volume = `${mode}-${type}`;
    const name = `${mode}, ${type}: what a trim may free, with the file ${files}`;
    await checkAgreement(lab, name, trafficSeconds, async () => {
      const bytes = findValue(await samples(), 'thinpool_volume_reclaimable_bytes', { volume });
      const isSo =
        bytes !== undefined &&
        (files === 'deleted' ? bytes >= fileBytes - roundingBytes : bytes < fileBytes / 2);
      return isSo ? [] : [`${bytes} bytes`];
    });
  }
}

function diskOf(mode: Trimmed['mode']): string {
  return { passdown: 'loop0', nopassdown: 'loop1', ignore: 'ubda' }[mode];
}

/** Fields of /sys/block/NAME/stat: the seventh is sectors written, the fourteenth sectors discarded. */
async function readTraffic(lab: Lab, kernelName: string): Promise<{ written: number; discarded: number }> {
  const fields = (await lab.sh(`cat /sys/block/${kernelName}/stat`)).trim().split(/\s+/).map(Number);
  return { written: 512 * (fields[6] ?? Number.NaN), discarded: 512 * (fields[13] ?? Number.NaN) };
}

async function readDiscarded(lab: Lab, kernelName: string): Promise<number> {
  return (await readTraffic(lab, kernelName)).discarded;
}

async function compareTraffic(
  lab: Lab,
  samples: readonly Sample[],
  volume: string,
  isIgnored: boolean,
): Promise<readonly string[]> {
  const minor = (await lab.sh(`dmsetup info -c --noheadings -o minor ${volume}`)).trim();
  const { written, discarded } = await readTraffic(lab, `dm-${minor}`);
  const said = (what: string) => findValue(samples, `thinpool_volume_${what}_bytes_total`, { volume });
  return [
    ...(said('discarded') === discarded ? [] : [`${said('discarded')} discarded, not ${discarded}`]),
    ...(said('written') === written ? [] : [`${said('written')} written, not ${written}`]),
    ...((discarded === 0) === isIgnored ? [] : [`the kernel counted ${discarded} discarded bytes`]),
  ];
}
