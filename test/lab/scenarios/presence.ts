import { startExporter } from '../guest/exporter.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { pause } from '../guest/patience.ts';
import { openWatch, type Watch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const policy = 'activation { thin_pool_autoextend_threshold=80 thin_pool_autoextend_percent=20 }';
const args = [
  ...['--collector.lvm.interval=10s', '--collector.lvm.timeout=9s'],
  '--collector.filesystems.interval=10s',
];
const lvmSeconds = 31;
/** What LVM last reported is believed for three intervals and a deadline. */
const silenceSeconds = lvmSeconds + 40;

export const presence = defineScenario({
  name: 'presence',
  about:
    'what is not active, what LVM stops to report, a loop file that needs no more room, and an exporter that was stopped',
  disks: ['512M', '1G', '1G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    await lab.sh(`echo '${policy}' >>/etc/lvm/lvmlocal.conf`);
    // No room in its VG, and hardly any in itself.
    await lab.sh(`vgcreate vg /dev/ubda && lvcreate -L 256M --thinpool pool vg
lvcreate -y -l 100%FREE -n ballast vg && lvcreate -V 1G --thin vg/pool -n thin
dd if=/dev/zero of=/dev/vg/thin bs=1M count=248 oflag=direct`);
    await lab.sh(`vgcreate odd /dev/ubdb && lvcreate -L 128M --thinpool p-tpool odd
lvcreate -L 256M --thinpool tpool odd && lvcreate -V 300M --thin odd/tpool -n thin
dd if=/dev/zero of=/dev/odd/thin bs=1M count=40 oflag=direct`);
    const watch = await openWatch(lab, args);
    await findInactive(watch);
    await silenceLvm(watch);
    await deactivate(watch);
    await fillAllocatedFile(watch);
    await watch.finish();
    await standStill(lab);
  },
});

const critical = ['autoextend-no-room vg-pool'];

/** Snapshots, which LVM does not activate, and a volume that is switched off are promised all the same. */
async function findInactive({ lab, step }: Watch): Promise<void> {
  await step({
    name: 'an inactive volume and a snapshot',
    act: `lvcreate -V 200M --thin odd/tpool -n off && lvchange -an odd/off
lvcreate -s odd/thin -n nightly`,
    critical,
    exit: 2,
    within: lvmSeconds,
    volumes: true,
    also: (samples) => compareProvisioned(lab, samples, 'odd-tpool', 'odd/tpool'),
  });
}

async function compareProvisioned(
  lab: Lab,
  samples: readonly Sample[],
  pool: string,
  lv: string,
): Promise<readonly string[]> {
  const [vg = '', name = ''] = lv.split('/');
  const columns = ['--noheadings', '--units', 'b', '--nosuffix', '-o', 'lv_size,lv_active'];
  const { stdout } = await lab.run(['lvs', ...columns, '-S', `pool_lv=${name}`, vg]);
  const rows = stdout
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  const promised = rows.reduce((sum, [size]) => sum + Number(size), 0);
  const off = rows.filter(([, active]) => active !== 'active').length;
  const provisioned = findValue(samples, 'thinpool_provisioned_bytes', { pool });
  const inactive = findValue(samples, 'thinpool_inactive_volumes', { pool });
  return [
    ...(provisioned === promised ? [] : [`${provisioned} provisioned, LVM has ${promised}`]),
    ...(inactive === off ? [] : [`${inactive} inactive volumes, LVM has ${off}`]),
  ];
}

/** LVM answers without an error, and leaves the VG out. What was critical does not end by that. */
async function silenceLvm({ lab, step, timeline }: Watch): Promise<void> {
  const silence = 'devices { global_filter=["r|^/dev/ubda$|"] }';
  await lab.sh('cp /etc/lvm/lvmlocal.conf /run/lab-lvmlocal.conf');
  const from = timeline.events.at(-1)?.at ?? 0;
  await step({
    name: 'LVM does not see the disk',
    act: `echo '${silence}' >>/etc/lvm/lvmlocal.conf && ! vgs vg`,
    critical: ['lvm-does-not-report-pool vg-pool'],
    without: ['collector-failing lvm'],
    // `check` has not seen the pool before.
    checkCritical: [],
    exit: 1,
    within: silenceSeconds,
  });
  const ended = timeline.when('finding critical autoextend-no-room vg-pool', false, from);
  const began = timeline.when('finding critical lvm-does-not-report-pool vg-pool', true, from);
  lab.check(
    'LVM does not see the disk: it was critical all along',
    began !== undefined && (ended === undefined || ended >= began),
    `one ended at ${ended?.toFixed(1)}, the other began at ${began?.toFixed(1)} s`,
  );
  await step({
    name: 'LVM sees the disk again',
    act: 'cp /run/lab-lvmlocal.conf /etc/lvm/lvmlocal.conf && vgs vg',
    critical,
    without: ['lvm-does-not-report-pool vg-pool'],
    exit: 2,
    within: lvmSeconds,
  });
}

async function deactivate({ step }: Watch): Promise<void> {
  await step({
    name: 'a pool deactivated',
    act: 'lvchange -an odd/p-tpool',
    critical: [...critical, 'pool-inactive odd-p--tpool'],
    // That it was active before is what the exporter alone knows.
    checkCritical: critical,
    exit: 2,
    within: lvmSeconds,
  });
  await step({
    name: 'and activated again',
    act: 'lvchange -ay odd/p-tpool',
    critical,
    without: ['pool-inactive odd-p--tpool', 'pool-missing odd-p--tpool'],
    exit: 2,
    within: lvmSeconds,
  });
}

/** The blocks of its files are its own: what is left in the file system does not matter. */
async function fillAllocatedFile({ lab, step }: Watch): Promise<void> {
  const pool = 'allocated';
  await step({
    name: 'a loop file with all its blocks, in a file system with 50 MiB left',
    act: `mkfs.ext4 -q -m 0 /dev/ubdc && mkdir -p /run/files && mount /dev/ubdc /run/files
fallocate -l 512M /run/files/data && fallocate -l 8M /run/files/meta
dd if=/dev/zero of=/run/files/meta bs=4K count=1 conv=notrunc
hog=$(($(stat -f -c '%f * %S' /run/files) / 1048576 - 50)) && fallocate -l "$hog"M /run/files/hog
sync -f /run/files
dmsetup create ${pool} --table "0 1048576 thin-pool $(losetup -f --show /run/files/meta) $(losetup -f --show /run/files/data) 128 0"
dmsetup message ${pool} 0 "create_thin 1"
dmsetup create in-${pool} --table "0 1048576 thin /dev/mapper/${pool} 1"`,
    critical,
    without: [`host-file-system-low ${pool}`],
    exit: 2,
    within: lvmSeconds,
    also: (samples) => compareAvailable(samples, pool),
  });
  await step({
    name: 'and 100 MiB written to it',
    act: `dd if=/dev/zero of=/dev/mapper/in-${pool} bs=1M count=100 oflag=direct && sync -f /run/files`,
    critical,
    without: [`host-file-system-low ${pool}`],
    exit: 2,
    also: (samples) => compareAvailable(samples, pool),
  });
  const { stdout } = await lab.run(['dmesg']);
  lab.check('and 100 MiB written to it: nothing is lost', !/lost async|I\/O error/.test(stdout));
  await lab.sh(`dmsetup remove in-${pool} ${pool}`);
}

function compareAvailable(samples: readonly Sample[], pool: string): readonly string[] {
  const [free, available] = ['free', 'available'].map((what) =>
    findValue(samples, `thinpool_data_${what}_bytes`, { pool }),
  );
  return free !== undefined && free === available ? [] : [`${available} of ${free} available`];
}

const stoppedSeconds = 22;
const afterwards = 45;

/** As by SIGSTOP, so when a machine sleeps: nothing is wrong, so nothing may be said to be. */
async function standStill(lab: Lab): Promise<void> {
  const exporter = await startExporter(lab, args);
  await pause(25);
  const before = severe(await exporter.samples());
  process.kill(exporter.pid, 'SIGSTOP');
  await pause(stoppedSeconds);
  process.kill(exporter.pid, 'SIGCONT');
  const startedAt = performance.now();
  const wrong = new Set<string>();
  while (performance.now() - startedAt < 1000 * afterwards) {
    for (const finding of severe(await exporter.samples())) if (!before.includes(finding)) wrong.add(finding);
    await pause(0.5);
  }
  const name = `stopped for ${stoppedSeconds} s: nothing new is reported afterwards`;
  lab.check(name, wrong.size === 0, [...wrong].join(', ') || `before: ${before.join(', ')}`);
  const { status } = await exporter.get('/-/ready');
  lab.check(`stopped for ${stoppedSeconds} s: ready`, status === 200, `${status}`);
  lab.check('it ends by SIGTERM', (await exporter.stop()) === 0);
}

function severe(samples: readonly Sample[]): readonly string[] {
  return samples
    .filter(({ name, labels }) => name === 'thinpool_finding' && labels['severity'] !== 'info')
    .map(({ labels }) => `${labels['code']} ${labels['pool'] ?? ''}`.trim());
}
