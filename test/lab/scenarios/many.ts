import { checkAgreement } from '../guest/agreement.ts';
import type { Exporter } from '../guest/exporter.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { readLoad } from '../guest/load.ts';
import { pause } from '../guest/patience.ts';
import { describeTimes } from '../guest/percentile.ts';
import { openWatch } from '../guest/watch.ts';
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
    const watch = await openWatch(lab);
    const { exporter, prober } = watch;
    await watch.step({ name: 'at first', exit: 0, within: 31 });
    await checkVolumes(lab, exporter, 'at first');
    await checkSources(lab, exporter);
    const [before, probesBefore] = [readLoad(exporter.pid), prober.probes.length];
    await pause(watchSeconds);
    const after = readLoad(exporter.pid);
    const share = (seconds: number) => `${((100 * seconds) / watchSeconds).toFixed(1)} %`;
    const [own, theirs] = [after.ownSeconds - before.ownSeconds, after.childSeconds - before.childSeconds];
    const isLittle = own + theirs < watchSeconds / 5;
    lab.check('CPU share below a fifth', isLittle, `own ${share(own)}, children ${share(theirs)}`);
    const times = prober.probes.slice(probesBefore).map(({ ms }) => ms);
    lab.say(`in these ${watchSeconds} s ${describeTimes(times)}`);
    const mebibytes = Math.round(after.residentBytes / 1024 ** 2);
    lab.check('resident memory below 256 MiB', mebibytes < 256, `${mebibytes} MiB`);
    await watch.step({
      name: 'after a write',
      act: 'dd if=/dev/zero of=/dev/mapper/vol-vg-pool7-42 bs=64k count=37 oflag=direct',
      exit: 0,
    });
    await checkVolumes(lab, exporter, 'after a write');
    const page = (await exporter.get('/metrics')).body;
    lab.say(`the page has ${page.length} bytes, ${page.split('\n').length} lines`);
    await watch.finish();
  },
});

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

/** Each volume by its mapped sectors; one status for all, as one for each takes half a minute. */
async function checkVolumes(lab: Lab, exporter: Exporter, step: string): Promise<void> {
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
