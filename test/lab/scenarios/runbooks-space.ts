import { startExporter } from '../guest/exporter.ts';
import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { defineRunbookScenario, loadModules, startWriter, type Trial } from '../guest/trial.ts';
import { readGroupTruth, readPoolTruth } from '../guest/truth.ts';

const names = { VG: 'vg', LV: 'pool' } as const;
const POOL = 'vg-pool-tpool';
const mebibyte = 1024 ** 2;

const blocks = [
  'inspect-names',
  'inspect-exporter',
  'inspect-pool',
  'inspect-lvm',
  'inspect-volumes',
  'inspect-kernel',
  'inspect-running-out',
  'inspect-minimum-free',
  'inspect-broken',
  'inspect-blind',
  'inspect-collectors',
  'inspect-metadata',
  'extend-data',
  'extend-rest',
  'extend-new-disk',
  'extend-larger-disk',
  'extend-file',
  'extend-file-undo',
  'move-off-disk',
  'error-when-full',
  'free-volume',
  'free-trim',
  'fs-ext4',
  'fs-xfs',
] as const;

type SpaceTrial = Trial<(typeof blocks)[number]>;

export const runbooksSpace = defineRunbookScenario({
  name: 'runbooks-space',
  about:
    'what the runbooks say for LVM pools that need room: extended, given disks, freed, file systems checked',
  disks: ['1G', '1G', '1G', '1G', '1G'],
  needsExporter: true,
  timeoutSeconds: 900,
  blocks,
  steps: async (trial) => {
    const { lab } = trial;
    await loadModules(lab, ['dm-log', 'dm-region-hash', 'dm-mirror']);
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 128M --thinpool pool vg');
    await lab.sh('lvcreate -V 8G --thin vg/pool -n thin');
    const exporter = await startExporter(lab);
    await inspectAll(trial);
    await extendQueueing(trial);
    await extendFailing(trial);
    await addDisks(trial);
    await removeSnapshot(trial);
    await trim(trial);
    await checkFileSystems(trial);
    await exporter.stop();
  },
});

async function inspectAll({ inspect }: SpaceTrial): Promise<void> {
  await inspect('inspect-names', { POOL });
  await inspect('inspect-exporter');
  await inspect('inspect-pool', { POOL });
  await inspect('inspect-lvm', names);
  await inspect('inspect-volumes');
  await inspect('inspect-kernel');
  await inspect('inspect-running-out', names);
  await inspect('inspect-minimum-free', { ...names, POOL });
  await inspect('inspect-broken', { POOL });
  await inspect('inspect-blind');
  await inspect('inspect-collectors');
  await inspect('inspect-metadata', { ...names, POOL });
}

async function extendQueueing({ lab, attempt, inspect, expect }: SpaceTrial): Promise<void> {
  await setTimeout(lab, 60);
  const writer = await fill(lab, 0, 160);
  await expect('full: it queues', POOL, { mode: 'out_of_data_space', queues: true });
  lab.check('full: the writer waits', (await writer()) === undefined);
  await inspect('inspect-pool', { POOL });
  await attempt('extend-data', { ...names, SIZE: '128M' });
  await expect('extended in time: rw, larger', POOL, { mode: 'rw', totalData: 4096 });
  await checkWriter(lab, 'extended in time: nothing is lost', writer, 0);
}

async function extendFailing({ lab, attempt, expect }: SpaceTrial): Promise<void> {
  await setTimeout(lab, 5);
  const writer = await fill(lab, 160, 128);
  // Changed now it comes too late: the pool is full already, and its time runs.
  await setTimeout(lab, 0);
  await expect('too late: it fails writes', POOL, { mode: 'out_of_data_space', queues: false });
  await checkWriter(lab, 'too late: the writer got an error', writer, 1);
  await attempt('extend-data', { ...names, SIZE: '64M' });
  await expect('extended late: rw, and queues again', POOL, { mode: 'rw', queues: true });

  await attempt('error-when-full', names);
  const second = await fill(lab, 288, 128);
  await checkWriter(lab, 'error when full: the writer gets it at once', second, 1);
  await expect('error when full: out of space', POOL, { mode: 'out_of_data_space', queues: false });
  await lab.sh('lvchange --errorwhenfull n vg/pool');
  await attempt('extend-rest', names);
  const { freeBytes } = await readGroupTruth(lab, 'vg');
  lab.check('extended by the rest: the VG has nothing left', freeBytes === 0, `${freeBytes}`);
  await expect('extended by the rest: rw', POOL, { mode: 'rw' });
}

/** The VG is used up: disks come, grow and go, while the pool is in use. */
async function addDisks({ lab, attempt }: SpaceTrial): Promise<void> {
  const grown = async (name: string, mebibytes: number, act: () => Promise<unknown>) => {
    const before = await readPoolTruth(lab, POOL);
    await act();
    const after = await readPoolTruth(lab, POOL);
    const by = ((after.totalData - before.totalData) * after.blockBytes) / mebibyte;
    lab.check(`${name}: the pool is rw and has grown`, after.mode === 'rw' && by === mebibytes, `${by} MiB`);
  };
  await grown('new disk', 512, () =>
    attempt('extend-new-disk', { ...names, DISK: '/dev/ubdb', SIZE: '512M' }),
  );
  await lab.sh('pvcreate --setphysicalvolumesize 256M /dev/ubdc && vgextend vg /dev/ubdc');
  await lab.sh('lvextend -l +100%FREE vg/pool');
  await grown('larger disk', 512, () =>
    attempt('extend-larger-disk', { ...names, DISK: '/dev/ubdc', SIZE: '512M' }),
  );
  await lab.sh('lvextend -l +100%FREE vg/pool');
  await lab.sh('mount -t tmpfs -o size=600M tmpfs /srv');
  const FILE = '/srv/emergency.img';
  await grown('file', 252, () => attempt('extend-file', { ...names, FILE, SIZE: '256M' }));
  await lab.sh('dd if=/dev/urandom of=/run/pattern bs=1M count=8');
  await lab.sh('dd if=/run/pattern of=/dev/vg/thin bs=1M seek=100 oflag=direct conv=notrunc');
  const LOOP = (await lab.sh(`losetup --noheadings -O NAME -j ${FILE}`)).trim();
  const disks = { DISK: '/dev/ubdd', LOOP, VG: 'vg' };
  await grown('off the file', 0, () => attempt('extend-file-undo', disks, { timeoutMs: 300_000 }));
  const left = await lab.sh(`losetup -j ${FILE}; pvs --noheadings -o pv_name`);
  lab.check('off the file: it is not used any more', !left.includes('loop'), left.trim());
  const moved = { VG: 'vg', BAD: '/dev/ubdb', DISK: '/dev/ubde' };
  await grown('off the disk', 0, () => attempt('move-off-disk', moved, { timeoutMs: 300_000 }));
  const same = await lab.run([
    'bash',
    '-c',
    'dd if=/dev/vg/thin bs=1M skip=100 count=8 iflag=direct | cmp - /run/pattern',
  ]);
  lab.check('moved twice: the data is the same', same.exitCode === 0, same.stderr);
}

async function removeSnapshot({ lab, attempt, expect }: SpaceTrial): Promise<void> {
  await lab.sh('lvcreate -s -n old vg/thin');
  await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=100 oflag=direct && sleep 2');
  const { usedData } = await readPoolTruth(lab, POOL);
  await attempt('free-volume', { VG: 'vg', VOLUME: 'old' });
  await expect('snapshot removed: its blocks are free', POOL, { usedData: usedData - 1600 });
}

async function trim({ lab, attempt, expect }: SpaceTrial): Promise<void> {
  await lab.sh('lvremove -y vg/thin && lvcreate -V 4G --thin vg/pool -n files && mkfs.ext4 -q /dev/vg/files');
  await lab.sh('mkdir -p /srv/files && mount -o nodiscard,noinit_itable /dev/vg/files /srv/files');
  await lab.sh('dd if=/dev/zero of=/srv/files/large bs=1M count=200 conv=fsync && sleep 2');
  const full = await readPoolTruth(lab, POOL);
  await lab.sh('rm /srv/files/large && sync -f /srv/files && sleep 2');
  await expect('a deleted file frees nothing', POOL, { usedData: full.usedData });
  await attempt('free-trim', { MOUNT: '/srv/files' });
  const freed = full.usedData - (await readPoolTruth(lab, POOL)).usedData;
  lab.check('trimmed: the blocks are free', freed > 3100, `${freed} blocks`);

  // On a pool that is full already.
  await setTimeout(lab, 0);
  await lab.sh('dd if=/dev/zero of=/srv/files/large bs=1M count=200 conv=fsync && sleep 2');
  await lab.sh('lvcreate -V 8G --thin vg/pool -n filler');
  const { totalData, usedData, blockBytes } = await readPoolTruth(lab, POOL);
  const count = Math.floor(((totalData - usedData) * blockBytes) / mebibyte) + 50;
  const writer = await startWriter(
    lab,
    `dd if=/dev/zero of=/dev/vg/filler bs=1M count=${count} oflag=direct`,
  );
  const isFull = await until(120, async () => (await readPoolTruth(lab, POOL)).mode === 'out_of_data_space');
  lab.check('filled by another volume: it queues', isFull !== undefined);
  await lab.sh('rm /srv/files/large && sync -f /srv/files');
  await attempt('free-trim', { MOUNT: '/srv/files' });
  await checkWriter(lab, 'trimmed when full: the writer goes on, nothing is lost', writer, 0);
  await expect('trimmed when full: rw', POOL, { mode: 'rw' });
  await lab.sh('lvremove -y vg/filler');
  await lab.sh('umount /srv/files && lvremove -y vg/files');
}

/** A file system of each kind on a pool that failed writes, extended, and checked. */
async function checkFileSystems({ lab, attempt, expect }: SpaceTrial): Promise<void> {
  await setTimeout(lab, 5);
  for (const kind of ['ext4', 'xfs'] as const) {
    await lab.sh(`vgcreate ${kind} /dev/ubdb --yes && lvcreate -L 200M --thinpool pool ${kind}`);
    await lab.sh(`lvcreate -V 600M --thin ${kind}/pool -n files && mkfs.${kind} -q /dev/${kind}/files`);
    await lab.sh(
      `mkdir -p /srv/${kind} && mount /dev/${kind}/files /srv/${kind} && echo kept >/srv/${kind}/kept && sync`,
    );
    await lab.run(['bash', '-c', `dd if=/dev/zero of=/srv/${kind}/large bs=1M count=400 conv=fsync`], {
      timeoutMs: 60_000,
    });
    const pool = `${kind}-pool-tpool`;
    await expect(`${kind}: it fails writes`, pool, { mode: 'out_of_data_space', queues: false });
    await attempt('extend-data', { VG: kind, LV: 'pool', SIZE: '500M' });
    await expect(`${kind}, extended: rw`, pool, { mode: 'rw' });
    const place = { VG: kind, VOLUME: 'files', MOUNT: `/srv/${kind}` };
    if (kind === 'ext4') await attempt('fs-ext4', place);
    else await attempt('fs-xfs', place);
    const kept = await lab.sh(`cat /srv/${kind}/kept && touch /srv/${kind}/new && sync -f /srv/${kind}`);
    lab.check(`${kind}, checked: mounted, writable, what was there is there`, kept === 'kept\n');
    await lab.sh(`umount /srv/${kind} && vgremove -y ${kind}`);
  }
}

async function setTimeout(lab: Lab, seconds: number): Promise<void> {
  await lab.sh(`echo ${seconds} >/sys/module/dm_thin_pool/parameters/no_space_timeout`);
}

function fill(lab: Lab, from: number, count: number): Promise<() => Promise<number | undefined>> {
  return startWriter(lab, `dd if=/dev/zero of=/dev/vg/thin bs=1M seek=${from} count=${count} oflag=direct`);
}

async function checkWriter(
  lab: Lab,
  name: string,
  writer: () => Promise<number | undefined>,
  expected: number,
): Promise<void> {
  await until(15, async () => (await writer()) !== undefined);
  const exitCode = await writer();
  lab.check(name, exitCode === expected, `exit ${exitCode}`);
}
