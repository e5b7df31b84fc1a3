import { checkAgreement } from '../guest/agreement.ts';
import { watchChildren } from '../guest/children.ts';
import { type Exporter, startExporter } from '../guest/exporter.ts';
import { findValue, parseExposition, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { readLoad } from '../guest/load.ts';
import { pause } from '../guest/patience.ts';
import { describeTimes } from '../guest/percentile.ts';
import { statusAge } from '../guest/timeline.ts';
import { comparePool, readPoolTruth } from '../guest/truth.ts';
import { defineScenario } from '../scenario.ts';

const pools = Array.from({ length: 10 }, (_, index) => `vg-pool${index}`);
const volumesEach = 100;
const watchSeconds = 120;

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
    const exporter = await startExporter(lab);
    const children = watchChildren(lab, exporter.pid);
    await checkAll(lab, exporter, 'at first');
    await checkSources(lab, exporter);
    await checkPace(lab, exporter);
    await lab.sh('dd if=/dev/zero of=/dev/mapper/vol-vg-pool7-42 bs=64k count=37 oflag=direct');
    await checkAll(lab, exporter, 'after a write');
    children.stop('children.txt');
    lab.check('no command was started twice', children.twins.length === 0, children.twins[0]);
    lab.check('it ends by SIGTERM', (await exporter.stop()) === 0);
  },
});

/**
 * Scraped as Prometheus does by default, four times a minute, and otherwise left alone. A fork of a process of this
 * size costs this guest sixty milliseconds of CPU, which elsewhere are two, so the CPU share is told and not judged.
 */
async function checkPace(lab: Lab, exporter: Exporter): Promise<void> {
  const before = readLoad(exporter.pid);
  const [times, ages]: [number[], number[]] = [[], []];
  for (let scrapes = 0; scrapes < watchSeconds / 15; scrapes += 1) {
    await pause(15);
    const { status, body, ms } = await exporter.get('/metrics');
    if (status === 200) times.push(ms);
    const samples = parseExposition(body);
    ages.push(...pools.map((pool) => statusAge(samples, pool) ?? Number.POSITIVE_INFINITY));
  }
  const after = readLoad(exporter.pid);
  const share = (seconds: number) => `${((100 * seconds) / watchSeconds).toFixed(1)} %`;
  const [own, theirs] = [after.ownSeconds - before.ownSeconds, after.childSeconds - before.childSeconds];
  lab.say(`CPU share: own ${share(own)}, children ${share(theirs)}`);
  lab.check('every scrape answered', times.length === watchSeconds / 15, describeTimes(times));
  const mebibytes = Math.round(after.residentBytes / 1024 ** 2);
  lab.check('resident memory below 256 MiB', mebibytes < 256, `${mebibytes} MiB`);
  const oldest = Math.max(...ages);
  lab.check('no status is older than two intervals', oldest <= 11, `at most ${oldest.toFixed(1)} s`);
  const { body } = await exporter.get('/metrics');
  lab.write('page.prom', body);
  lab.say(`the page has ${body.length} bytes, ${body.split('\n').length} lines`);
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

/** Each pool block for block, and each volume by its mapped sectors: one status for all, as the guest is slow. */
async function checkAll(lab: Lab, exporter: Exporter, step: string): Promise<void> {
  for (const pool of pools)
    await checkAgreement(lab, `${step}: ${pool} as dmsetup says`, 31, async () =>
      comparePool(await exporter.samples(), pool, await readPoolTruth(lab, pool)),
    );
  await checkAgreement(lab, `${step}: every volume as dmsetup says`, 31, async () =>
    compareAll(lab, await exporter.samples()),
  );
}

async function compareAll(lab: Lab, samples: readonly Sample[]): Promise<readonly string[]> {
  const { stdout } = await lab.run(['dmsetup', 'status', '--noflush', '--target', 'thin']);
  const found = new Map(
    samples
      .filter(({ name }) => name === 'thinpool_volume_mapped_bytes')
      .map(({ labels, value }) => [`${labels['volume']} of ${labels['pool']}`, value]),
  );
  const volumes = [...stdout.matchAll(/^vol-(?<pool>vg-pool\d)-(?<index>\d+): 0 \d+ thin (?<mapped>\d+) /gm)];
  const differences = volumes.flatMap(({ groups }) => {
    const volume = `vol-${groups?.['pool']}-${groups?.['index']} of ${groups?.['pool']}`;
    const mapped = 512 * Number(groups?.['mapped']);
    return found.get(volume) === mapped ? [] : [`${volume} is ${found.get(volume)}, not ${mapped}`];
  });
  const wanted = pools.length * volumesEach;
  const counts = pools.map((pool) => findValue(samples, 'thinpool_volumes', { pool }));
  return [
    ...differences.slice(0, 5),
    ...(volumes.length === wanted && found.size === wanted
      ? []
      : [`${found.size} of ${volumes.length} volumes`]),
    ...(counts.every((count) => count === volumesEach) ? [] : [`counts ${counts.join(' ')}`]),
  ];
}

async function checkSources(lab: Lab, exporter: Exporter): Promise<void> {
  await checkAgreement(lab, 'every source is up', 61, async () =>
    (await exporter.samples())
      .filter(({ name, value }) => name === 'thinpool_source_up' && value !== 1)
      .map(({ labels }) => `${labels['source']} is down`),
  );
  const times = (await exporter.samples())
    .filter(({ name }) => name === 'thinpool_source_duration_seconds')
    .map(({ labels, value }) => `${labels['source']} ${value} s`);
  lab.check('how long readings take', times.length > 0, times.join(', '));
}
