import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkAgreement } from '../guest/agreement.ts';
import { withoutPlaces } from '../guest/capture.ts';
import { runContainers, startDocker, stopDocker } from '../guest/docker.ts';
import { compareDocker, readDockerInfo } from '../guest/docker-info.ts';
import { dockerPace, dockerSeconds } from '../guest/docker-pool.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { openWatch, type Watch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const root = '/var/lib/docker';
/** Docker's minimum free, a tenth of the 4 GiB that the loop file claims. */
const bytesAtPercent = 0.4 * 1024 ** 3;
const mebibyte = 1024 ** 2;

export const loopLvm = defineScenario({
  name: 'loop-lvm',
  about:
    'Docker on loop files, whose file system runs out while the pool seems empty: low, below its minimum free, at its end, and back',
  disks: ['3G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    // No reserve for root: what stat calls free is then what the loop files can get.
    await lab.sh(`mkfs.ext4 -q -m 0 /dev/ubda && mkdir -p ${root} && mount /dev/ubda ${root}`);
    const sizes = '--storage-opt dm.loopdatasize=4G --storage-opt dm.loopmetadatasize=64M';
    await startDocker(lab, `${sizes} --storage-opt dm.basesize=2G --storage-opt dm.fs=ext4`);
    await runContainers(lab, ['web']);
    const watch = await openWatch(lab, [...dockerPace, '--collector.filesystems.interval=10s']);
    const subject = { lab, watch, pool: await readPoolName(lab) };
    await take(subject, 'roomy', 'warning');
    await hog(subject, bytesAtPercent / 2);
    await take(subject, 'below its minimum free', 'critical');
    await capture(subject);
    await hog(subject, 0);
    await take(subject, 'at its end', 'critical');
    await lab.sh(`rm ${root}/hog-*`);
    await take(subject, 'room again', 'warning');
    await hog(subject, 0);
    await writeOn(subject);
    await watch.finish();
    await lab.run(['docker', 'kill', 'web'], { timeoutMs: 60_000 });
    await stopDocker(lab);
  },
});

interface Subject {
  readonly lab: Lab;
  readonly watch: Watch;
  readonly pool: string;
}

async function readPoolName(lab: Lab): Promise<string> {
  return (await readDockerInfo(lab)).get('Pool Name') ?? '';
}

/** Something else on the host takes room until so much is left. */
async function hog({ lab }: Subject, leaveBytes: number): Promise<void> {
  const free = await readFree(lab);
  const count = Math.max(1, Math.ceil((free - leaveBytes) / mebibyte));
  // dd writes what there is room for, and then fails: that is wanted at the end.
  await lab.sh(`dd if=/dev/zero of=${root}/hog-${leaveBytes} bs=1M count=${count} || true; sync -f ${root}`, {
    timeoutMs: 120_000,
  });
}

async function readFree(lab: Lab): Promise<number> {
  const [blockBytes = 0, blocks = 0] = (await lab.sh(`stat -f -c '%S %f' ${root}`))
    .trim()
    .split(' ')
    .map(Number);
  return blockBytes * blocks;
}

/** The pool as dmsetup says, its room as stat says, both as docker info says; and the finding that goes with it. */
async function take(
  { lab, watch, pool }: Subject,
  step: string,
  severity: 'warning' | 'critical',
): Promise<void> {
  const low = `host-file-system-low ${pool}`;
  const isCritical = severity === 'critical';
  await watch.step({
    name: step,
    critical: isCritical ? [low] : [],
    findings: [low],
    exit: isCritical ? 2 : 1,
    within: dockerSeconds,
  });
  await checkAgreement(lab, `${step}: available is what stat -f says`, dockerSeconds, async () =>
    compareAvailable(await watch.exporter.samples(), pool, await readFree(lab)),
  );
  await checkAgreement(lab, `${step}: metrics as docker info says`, dockerSeconds, async () =>
    compareLoop(await watch.exporter.samples(), pool, await readDockerInfo(lab)),
  );
}

/** A container writes on: its data is lost, and so is the pool's metadata, whose file has no room either. */
async function writeOn({ lab, watch, pool }: Subject): Promise<void> {
  const name = 'writing at its end';
  await lab.sh('docker exec -d web /usr/bin/busybox dd if=/dev/zero of=/more bs=1M count=64 conv=fsync');
  const lost = await until(60, async () => (await countLost(lab)) > 0);
  lab.check(`${name}: the container loses data`, lost !== undefined, `${await countLost(lab)} messages`);
  await watch.step({
    name,
    critical: ['pool-needs-check', 'file-system-errors', 'storage-errors', 'host-file-system-low'].map(
      (code) => `${code} ${pool}`,
    ),
    exit: 2,
    within: dockerSeconds,
  });
  await checkAgreement(
    lab,
    `${name}: docker info is not blocked, as the pool answers`,
    dockerSeconds,
    async () => {
      const labels = { collector: 'docker' };
      const blocked = findValue(await watch.exporter.samples(), 'thinpool_collector_blocked', labels);
      return blocked === 0 ? [] : [`thinpool_collector_blocked is ${blocked}`];
    },
  );
  await checkAgreement(lab, `${name}: metrics as docker info says`, dockerSeconds, async () =>
    compareLoop(await watch.exporter.samples(), pool, await readDockerInfo(lab)),
  );
}

/** By the exporter itself, which records what no other capture has: loop devices and the room under their files. */
async function capture({ lab }: Subject): Promise<void> {
  const folder = `${lab.out}/hosts/lab-docker-loop-low`;
  const program = path.join(lab.project, 'dist/main.js');
  await lab.sh(`mkdir -p ${path.dirname(folder)} && node ${program} capture ${folder}`, {
    timeoutMs: 60_000,
  });
  const log = `${folder}/kmsg/log.txt`;
  writeFileSync(log, withoutPlaces(readFileSync(log), lab));
  const readme = readFileSync(`${folder}/README.md`, 'utf8');
  writeFileSync(`${folder}/README.md`, `${readme}${howItWasMade}`);
}

const howItWasMade = `
## How it was made (\`npm run lab -- loop-lvm\`)

Docker 20.10 with loop files of 4 GiB and 64 MiB on an ext4 of 3 GiB, and then another file beside them that takes all
but half of Docker's minimum free space. For: a pool that seems empty while the file system under it is nearly full; the
one capture with loop devices and the file systems under their files. In the kernel log the place of the lab is \`/lab\`.
`;

function compareAvailable(samples: readonly Sample[], pool: string, free: number): readonly string[] {
  return ['data', 'metadata'].flatMap((resource) => {
    const own = findValue(samples, `thinpool_${resource}_free_bytes`, { pool }) ?? Number.NaN;
    const found = findValue(samples, `thinpool_${resource}_available_bytes`, { pool });
    const expected = Math.min(own, free);
    return found === expected ? [] : [`available ${resource} is ${found}, not ${expected}`];
  });
}

/** Docker reports what the file system has left as available, so that is not the pool's own free space. */
function compareLoop(
  samples: readonly Sample[],
  pool: string,
  info: ReadonlyMap<string, string>,
): readonly string[] {
  const own = /^thinpool_(?:data|metadata)_free_bytes$/;
  const differences = samples
    .filter(({ name }) => !own.test(name))
    .map((sample) => ({
      ...sample,
      name: sample.name.replace(/^(thinpool_(?:data|metadata))_available_bytes$/, '$1_free_bytes'),
    }));
  return compareDocker(differences, pool, info);
}

async function countLost(lab: Lab): Promise<number> {
  const { stdout } = await lab.run(['dmesg']);
  return [...stdout.matchAll(/lost async page write|I\/O error|Write error|EXT4-fs (?:error|warning)/g)]
    .length;
}
