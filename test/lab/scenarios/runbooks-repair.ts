import { replaceMetadata, restoreMetadata } from '../guest/pool-metadata.ts';
import { defineRunbookScenario, isWhole, startWriter, type Trial } from '../guest/trial.ts';
import { readPoolTruth } from '../guest/truth.ts';

const names = { VG: 'vg', LV: 'pool' } as const;
const POOL = 'vg-pool-tpool';

const blocks = [
  'repair-users',
  'repair-off',
  'repair-check',
  'repair-on',
  'repair-convert',
  'repair-forget',
  'resume',
  'resume-volume',
  'inspect-suspended',
  'inspect-stalled',
  'inspect-volume-status',
  'inspect-inconsistent',
  'inspect-vanished',
  'inspect-file-systems',
  'inspect-hung',
  'volume-off-on',
  'transaction-prepare',
  'transaction-id',
  'switch-on',
] as const;

type RepairTrial = Trial<(typeof blocks)[number]>;

export const runbooksRepair = defineRunbookScenario({
  name: 'runbooks-repair',
  about:
    'what the runbooks say for LVM pools that are broken: checked, repaired, resumed, given the right transaction',
  disks: ['2G'],
  needsExporter: true,
  timeoutSeconds: 900,
  blocks,
  steps: async (trial) => {
    const { lab } = trial;
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 512M --thinpool pool vg');
    await lab.sh('lvcreate -V 300M --thin vg/pool -n thin && lvcreate -V 300M --thin vg/pool -n other');
    await lab.sh('dd if=/dev/urandom of=/run/pattern bs=1M count=32');
    await lab.sh('dd if=/run/pattern of=/dev/vg/thin bs=1M oflag=direct && sleep 2');
    await needsCheck(trial);
    await failed(trial);
    await damaged(trial);
    await suspended(trial);
    await volumeOffOn(trial);
    await inconsistent(trial);
    await vanished(trial);
  },
});

async function checkPattern({ lab }: RepairTrial, step: string): Promise<void> {
  const script = 'dd if=/dev/vg/thin bs=1M count=32 iflag=direct | cmp - /run/pattern';
  const { exitCode, stderr } = await lab.run(['bash', '-c', script]);
  lab.check(`${step}: what was written before is there`, exitCode === 0, stderr.trim());
}

async function checkWritable({ lab }: RepairTrial, step: string): Promise<void> {
  const script = 'dd if=/dev/zero of=/dev/vg/other bs=1M count=8 oflag=direct';
  const { exitCode, stderr } = await lab.run(['bash', '-c', `${script} && blkdiscard /dev/vg/other`]);
  lab.check(`${step}: it can be written`, exitCode === 0, stderr.trim());
}

async function needsCheck(trial: RepairTrial): Promise<void> {
  const { lab, attempt, inspect, expect } = trial;
  await lab.sh(
    `${replaceMetadata('flakey $place 0 1000 1 error_writes')}; dd if=/dev/zero of=/dev/vg/thin bs=1M count=40 seek=100 oflag=direct; sleep 2`,
  );
  await lab.sh(restoreMetadata);
  await expect('metadata writes failed: needs a check', POOL, { mode: 'ro', needsCheck: true });
  const refused = await lab.run(['lvextend', '-L', '+64M', 'vg/pool']);
  const { needsCheck: still, totalData } = await readPoolTruth(lab, POOL);
  lab.check('extending does not help', still && totalData === 8192, `exit ${refused.exitCode}, ${totalData}`);
  await inspect('repair-users', { POOL });
  await attempt('repair-off', names);
  const checked = await attempt('repair-check', names);
  lab.check('needs a check: the metadata is whole', isWhole(checked), `${checked.stdout}${checked.stderr}`);
  const { exitCode } = await lab.run(['test', '-s', '/root/vg-pool-metadata.img']);
  lab.check('needs a check: the metadata is copied', exitCode === 0);
  await attempt('repair-on', names);
  await expect('checked: rw', POOL, { mode: 'rw', needsCheck: false });
  await checkPattern(trial, 'checked');
  await checkWritable(trial, 'checked');
}

async function failed(trial: RepairTrial): Promise<void> {
  const { lab, attempt, inspect, expect } = trial;
  await lab.sh(
    `rm -f /run/lab-place; ${replaceMetadata('error')}; dd if=/dev/zero of=/dev/vg/thin bs=1M count=40 seek=150 oflag=direct; sleep 2`,
  );
  await expect('metadata gives errors: failed', POOL, { mode: 'fail' });
  await inspect('inspect-volume-status');
  await lab.sh(restoreMetadata);
  await attempt('repair-off', names);
  await attempt('repair-check', names);
  await attempt('repair-on', names);
  await expect('failed, disk replaced: rw', POOL, { mode: 'rw', needsCheck: false });
  await checkPattern(trial, 'failed, disk replaced');
}

/** Blocks of the metadata that record which are in use: no mapping is lost, so all can be repaired. */
async function damaged(trial: RepairTrial): Promise<void> {
  const { lab, attempt, expect } = trial;
  await attempt('repair-off', names);
  await damageSpaceMap(trial);
  const { stdout } = await attempt('repair-check', names);
  lab.check('damaged: thin_check says so', stdout.includes('not clean'), stdout.trim());
  await attempt('repair-convert', names);
  await attempt('repair-on', names);
  await expect('repaired: rw', POOL, { mode: 'rw', needsCheck: false });
  await checkPattern(trial, 'repaired');
  await checkWritable(trial, 'repaired');
  const kept = await lab.sh('lvs --noheadings -o lv_name vg');
  lab.check('repaired: the old metadata is kept', kept.includes('pool_meta0'), kept.trim());
  await attempt('repair-forget', names);
  const left = await lab.sh('lvs --noheadings -o lv_name vg');
  lab.check('forgotten: it is gone', !left.includes('pool_meta0'), left.trim());
}

/** The root of the space map of data, of which block is in use: it can be derived from the rest, so nothing is lost. */
async function damageSpaceMap({ lab }: RepairTrial): Promise<void> {
  const meta = '/dev/vg/pool_tmeta';
  // In the superblock (struct thin_disk_superblock, drivers/md/dm-thin-metadata.c): 64 bytes before the map, and its root after two numbers.
  const read = `lvchange -ay -y vg/pool_tmeta; dmsetup table vg-pool_tmeta; od -An -t u8 -j 80 -N 8 ${meta}; lvchange -an vg/pool_tmeta`;
  const { sector, block } =
    /linear \d+:\d+ (?<sector>\d+)\s+(?<block>\d+)/.exec(await lab.sh(read))?.groups ?? {};
  const at = Number(sector) + 8 * Number(block);
  await lab.sh(`dd if=/dev/urandom of=/dev/ubda bs=512 seek=${at} count=1 conv=notrunc,fsync`);
}

async function suspended(trial: RepairTrial): Promise<void> {
  const { lab, attempt, inspect, expect } = trial;
  await lab.sh('dmsetup suspend vg-pool-tpool');
  const writer = await startWriter(lab, 'dd if=/dev/zero of=/dev/vg/other bs=1M count=8 oflag=direct');
  lab.check('suspended: the writer waits', (await writer()) === undefined);
  const { stdout } = await inspect('inspect-suspended');
  lab.check('suspended: the block shows which', stdout.includes('vg-pool-tpool:Suspended'), stdout.trim());
  await inspect('inspect-stalled', { POOL });
  await inspect('inspect-hung', { POOL });
  await attempt('resume', { POOL });
  await lab.sh('sleep 2');
  lab.check('resumed: the writer has ended', (await writer()) === 0, `${await writer()}`);
  await lab.sh('dmsetup suspend vg-other');
  const second = await startWriter(lab, 'dd if=/dev/zero of=/dev/vg/other bs=1M count=8 oflag=direct');
  lab.check('volume suspended: the writer waits', (await second()) === undefined);
  await attempt('resume-volume', { VOLUME: 'vg-other' });
  await lab.sh('sleep 2');
  lab.check('volume resumed: the writer has ended', (await second()) === 0, `${await second()}`);
  await expect('resumed: rw', POOL, { mode: 'rw' });
}

async function volumeOffOn({ lab, attempt, inspect }: RepairTrial): Promise<void> {
  await lab.sh('mkfs.ext4 -q /dev/vg/other && mkdir -p /srv/other && mount /dev/vg/other /srv/other');
  await inspect('inspect-file-systems', { POOL });
  await attempt('volume-off-on', { VG: 'vg', VOLUME: 'other', MOUNT: '/srv/other' });
  const attr = await lab.sh('lvs --noheadings -o lv_attr vg/other');
  lab.check('volume off and on: active', attr.trim()[4] === 'a', attr.trim());
}

async function inconsistent(trial: RepairTrial): Promise<void> {
  const { lab, attempt, inspect, expect } = trial;
  await inspect('inspect-inconsistent', { ...names, POOL });
  for (const isOn of [true, false]) {
    const state = isOn ? 'on' : 'off';
    const ID = `${(await transactionOf(trial)) + 1}`;
    await lab.sh(`dmsetup message ${POOL} 0 "set_transaction_id ${Number(ID) - 1} ${ID}"`);
    if (!isOn) {
      await attempt('repair-off', names);
      const { exitCode, stderr } = await lab.run(['lvchange', '-ay', 'vg/thin']);
      lab.check('another transaction: LVM refuses the pool', exitCode !== 0, stderr.trim());
    }
    const { stdout } = await attempt('transaction-prepare', { ...names, ID });
    const lines = stdout.match(/^[<>].*$/gm) ?? [];
    lab.check(`to be given the transaction, ${state}: one line differs`, lines.length === 2, lines.join(' '));
    await attempt('transaction-id', { VG: 'vg' });
    const transaction = await lab.sh('lvs --noheadings -o transaction_id vg/pool');
    lab.check(`given the transaction, ${state}: LVM has it`, transaction.trim() === ID, transaction.trim());
    await attempt('repair-off', names);
    await attempt('switch-on', names);
    await expect(`given the transaction, ${state}: rw after off and on`, POOL, { mode: 'rw' });
    await checkPattern(trial, `given the transaction, ${state}`);
  }
}

async function transactionOf({ lab }: RepairTrial): Promise<number> {
  const status = await lab.sh(`dmsetup status --noflush ${POOL}`);
  return Number(/thin-pool (\d+)/.exec(status)?.[1]);
}

async function vanished(trial: RepairTrial): Promise<void> {
  const { attempt, inspect, expect } = trial;
  await attempt('repair-off', names);
  await inspect('inspect-vanished', { VG: 'vg' });
  await attempt('switch-on', names);
  await expect('switched on: rw', POOL, { mode: 'rw' });
  await checkPattern(trial, 'switched on');
}
