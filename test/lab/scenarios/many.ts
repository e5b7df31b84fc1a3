import { readLoad } from '../../support/load.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { pause } from '../guest/patience.ts';
import { statusAge } from '../guest/timeline.ts';
import { openWatch, poolSeconds, type Watch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const pools = Array.from({ length: 10 }, (_, index) => `vg-pool${index}`);
const volumesEach = 100;
const watchSeconds = 60;
/**
 * `check` queries a thousand volumes anew, for half a minute of the one CPU: the numbers may be late then, but not
 * expire.
 */
const oldest = 19;

export const many = defineScenario({
  name: 'many',
  about: '10 pools and 1,000 thin volumes: complete and current at the usual pace, and what that costs',
  disks: ['4G'],
  needsExporter: true,
  timeoutSeconds: 900,
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda');
    for (const index of pools.keys())
      await lab.sh(`lvcreate -L 128M --poolmetadatasize 4M -c 64K --thinpool pool${index} vg`);
    for (const pool of pools) await makeVolumes(lab, pool);
    const ages: number[] = [];
    const watch = await openWatch(lab, [], (samples) =>
      ages.push(Math.max(...pools.map((pool) => statusAge(samples, pool) ?? Number.POSITIVE_INFINITY))),
    );
    await watch.step({ name: 'at first', exit: 0, oldest, volumes: true, also: isComplete });
    await watch.step({ name: 'every collector', exit: 0, oldest, within: 61, also: isUp });
    await checkPace(watch, ages);
    const write = 'dd if=/dev/zero of=/dev/mapper/vol-vg-pool7-42 bs=64k count=37 oflag=direct';
    await watch.step({ name: 'after a write', act: write, exit: 0, oldest, volumes: true });
    await watch.finish();
  },
});

function isComplete(samples: readonly Sample[]): readonly string[] {
  const counts = pools.map((pool) => findValue(samples, 'thinpool_volumes', { pool }));
  return counts.every((count) => count === volumesEach) ? [] : [`volumes: ${counts.join(' ')}`];
}

function isUp(samples: readonly Sample[]): readonly string[] {
  return samples
    .filter(({ name, value }) => name === 'thinpool_collector_up' && value !== 1)
    .map(({ labels }) => `${labels['collector']} is down`);
}

/**
 * Left alone but for the scrapes. A fork of a process of this size costs this guest sixty milliseconds of CPU, which
 * elsewhere are two, so the CPU share is reported and not judged.
 */
async function checkPace({ lab, exporter }: Watch, ages: readonly number[]): Promise<void> {
  const before = readLoad(exporter.pid);
  const first = ages.length;
  await pause(watchSeconds);
  const after = readLoad(exporter.pid);
  const share = (seconds: number) => `${((100 * seconds) / watchSeconds).toFixed(1)} %`;
  const [own, theirs] = [after.ownSeconds - before.ownSeconds, after.childSeconds - before.childSeconds];
  lab.say(`CPU share: own ${share(own)}, children ${share(theirs)}`);
  const late = Math.max(...ages.slice(first));
  const limit = poolSeconds + lab.yardstick.lateSeconds();
  lab.check(
    'left alone, no status is ever old',
    late <= limit,
    `${late.toFixed(1)} of ${limit.toFixed(1)} s`,
  );
  const mebibytes = Math.round(after.residentBytes / 1024 ** 2);
  lab.check('resident memory below 256 MiB', mebibytes < 256, `${mebibytes} MiB`);
}

/** LVM takes ten minutes for a thousand; device-mapper itself two. */
async function makeVolumes(lab: Lab, pool: string): Promise<void> {
  const number = (await lab.sh(`dmsetup info -c --noheadings --separator : -o major,minor ${pool}`)).trim();
  await lab.sh(
    `for i in $(seq ${volumesEach}); do dmsetup message ${pool} 0 "create_thin $i" || exit 1; done
for i in $(seq ${volumesEach}); do printf 'vol-${pool}-%d,,,rw,0 2097152 thin ${number} %d;' $i $i; done |
  sed 's/;$//' >/run/lab-concise && dmsetup create --concise "$(cat /run/lab-concise)"`,
    { timeoutMs: 120_000 },
  );
}
