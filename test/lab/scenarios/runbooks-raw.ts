import { defineRunbookScenario, startWriter } from '../guest/trial.ts';

const POOL = 'contd';
const FILE = '/srv/data.img';
const META = '/srv/meta.img';

/** As containerd's documentation makes its pool, and as Docker makes loop-lvm. */
export const runbooksRaw = defineRunbookScenario({
  name: 'runbooks-raw',
  about:
    'what the runbooks say for pools on loop files, without LVM: extended, checked, repaired; room made below',
  disks: ['1G', '1G'],
  timeoutSeconds: 900,
  needsExporter: true,
  blocks: [
    'extend-loop-file',
    'extend-raw-data',
    'extend-raw-metadata',
    'repair-raw-check',
    'repair-raw-convert',
    'repair-raw-on',
    'loop-make-room',
    'inspect-loop',
  ],
  steps: async ({ lab, attempt, inspect, expect }) => {
    await lab.sh('mkfs.ext4 -q -m 0 /dev/ubda && mount /dev/ubda /srv');
    // The thin tools open files directly, which tmpfs refuses.
    await lab.sh('mkfs.ext4 -q /dev/ubdb && mount /dev/ubdb /root');
    await lab.sh(`truncate -s 128M ${FILE} && truncate -s 4M ${META}`);
    const data = (await lab.sh(`losetup --find --show ${FILE}`)).trim();
    const meta = (await lab.sh(`losetup --find --show ${META}`)).trim();
    await lab.sh(`dmsetup create ${POOL} --table "0 262144 thin-pool ${meta} ${data} 128 64"`);
    await lab.sh(`dmsetup message ${POOL} 0 "create_thin 1"`);
    const makeVolume = `dmsetup create contd-snap-1 --table "0 2097152 thin /dev/mapper/${POOL} 1"`;
    await lab.sh(makeVolume);
    await lab.sh('dd if=/dev/urandom of=/run/pattern bs=1M count=32');
    await lab.sh('dd if=/run/pattern of=/dev/mapper/contd-snap-1 bs=1M oflag=direct');

    const fill = 'dd if=/dev/zero of=/dev/mapper/contd-snap-1 bs=1M seek=32 count=160 oflag=direct';
    const writer = await startWriter(lab, fill);
    await expect('full: it queues', POOL, { mode: 'out_of_data_space', queues: true });
    await attempt('extend-loop-file', { FILE, LOOP: data, SIZE: '128M' });
    await attempt('extend-raw-data', { POOL, DATA: data });
    await expect('extended: rw, larger', POOL, { mode: 'rw', totalData: 4096 });
    await lab.sh('sleep 3');
    lab.check('extended: nothing is lost', (await writer()) === 0, `${await writer()}`);

    await attempt('extend-loop-file', { FILE: META, LOOP: meta, SIZE: '4M' });
    await attempt('extend-raw-metadata', { POOL });
    await expect('metadata extended: rw, larger', POOL, { mode: 'rw', totalMetadata: 2048 });

    await inspect('inspect-loop', { POOL });
    await lab.sh('dd if=/dev/zero of=/srv/some.log bs=1M count=2000 2>/dev/null || true');
    const before = Number(await lab.sh("stat -f -c '%f' /srv"));
    await attempt('loop-make-room', { LOG: '/srv/some.log' });
    const after = Number(await lab.sh("stat -f -c '%f' /srv"));
    lab.check('room made below', after > before + 50_000, `${before} to ${after} blocks`);

    // The kernel sets the flag when metadata cannot be written, as when the file system below is full.
    await lab.sh(`dmsetup remove contd-snap-1 && dmsetup remove ${POOL}
dmsetup create below --table "0 16384 linear ${meta} 0"
dmsetup create ${POOL} --table "0 524288 thin-pool /dev/mapper/below ${data} 128 64" && ${makeVolume}`);
    await lab.sh(below(`flakey ${meta} 0 0 1000 1 error_writes`));
    await lab.run([
      ...[
        'dd',
        'if=/dev/zero',
        'of=/dev/mapper/contd-snap-1',
        'bs=1M',
        'seek=200',
        'count=8',
        'oflag=direct',
      ],
    ]);
    await expect('metadata writes failed: read-only', POOL, { mode: 'ro', needsCheck: true });
    await lab.sh(`dmsetup remove contd-snap-1; ${below(`linear ${meta} 0`)}`);
    const checked = await attempt('repair-raw-check', { POOL, META: '/dev/mapper/below' });
    lab.check('checked: clean', checked.stdout.includes('clean'), checked.stdout);
    await attempt('repair-raw-on', { POOL });
    await expect('switched on: rw', POOL, { mode: 'rw', needsCheck: false });

    await lab.sh(`sync && dmsetup remove ${POOL}`);
    await lab.sh(damage, { timeoutMs: 90_000 });
    await lab.sh(`dmsetup create ${POOL} --table "$(cat /root/${POOL}.table)"`);
    const damaged = await attempt('repair-raw-check', { POOL, META: '/dev/mapper/below' });
    lab.check('damaged: not clean', damaged.stdout.includes('damaged'), damaged.stdout);
    const repaired = await attempt('repair-raw-convert', { POOL, META: '/dev/mapper/below' });
    lab.check('repaired: clean', repaired.stdout.includes('clean'), repaired.stdout);
    await attempt('repair-raw-on', { POOL });
    await expect('repaired: rw', POOL, { mode: 'rw', needsCheck: false });
    await lab.sh(makeVolume);
    const same = await lab.run([
      'bash',
      '-c',
      'dd if=/dev/mapper/contd-snap-1 bs=1M count=32 iflag=direct | cmp - /run/pattern',
    ]);
    lab.check('repaired: what was written before is there', same.exitCode === 0, same.stderr);
  },
});

/** Which block has what differs from run to run: the first that thin_check misses, and that can be derived from the rest. */
const damage = `for block in $(seq 1 60); do
  dd if=/dev/mapper/below of=/root/try.img bs=1M 2>/dev/null
  dd if=/dev/urandom of=/root/try.img bs=4096 seek=$block count=1 conv=notrunc 2>/dev/null
  rm -f /root/fixed.img && truncate -s 8M /root/fixed.img
  if ! thin_check -q /root/try.img && thin_repair -i /root/try.img -o /root/fixed.img &&
    thin_dump /root/fixed.img | grep -q range_mapping; then
    dd if=/root/try.img of=/dev/mapper/below bs=4096 skip=$block seek=$block count=1 conv=notrunc,fsync; exit 0
  fi
done; exit 1`;

/** Puts another target below the pool's metadata. */
function below(target: string): string {
  return `dmsetup suspend --noflush --nolockfs below
dmsetup reload below --table "0 16384 ${target}" && dmsetup resume below`;
}
