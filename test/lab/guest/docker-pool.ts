import { checkAgreement } from './agreement.ts';
import { compareDocker, readDockerInfo } from './docker-info.ts';
import type { Answering } from './exporter.ts';
import { findValue, type Sample } from './exposition.ts';
import type { Lab } from './lab.ts';
import { readPoolTruth } from './truth.ts';

/** The pool's name, in device-mapper as in the metrics. */
export const dockerPool = 'docker-thinpool';
/** Two intervals of each collector, and a second for the guest, which has one slow CPU. */
export const poolSeconds = 11;
export const dockerSeconds = 31;
/** With these, `dockerSeconds` holds. */
export const dockerPace = [
  ...['--collector.docker.interval=15s', '--collector.docker.timeout=10s'],
  ...['--collector.containers.interval=15s', '--collector.containers.timeout=10s'],
] as const;

/** 2048 blocks of data and 4096 of metadata: a tenth of either is no whole number. */
export async function makeDockerPool(lab: Lab, disk = '/dev/ubda'): Promise<void> {
  await lab.sh(`vgcreate docker ${disk}`);
  await lab.sh('lvcreate --wipesignatures y -n thinpool docker -L 1G');
  await lab.sh('lvcreate --wipesignatures y -n thinpoolmeta docker -L 16M');
  await lab.sh('lvconvert -y --zero n -c 512K --thinpool docker/thinpool --poolmetadata docker/thinpoolmeta');
  await lab.sh('mkdir -p /var/lib/docker && mount -t tmpfs tmpfs /var/lib/docker');
}

/** dockerd's options for that pool. */
export function directLvm(fileSystem: 'ext4' | 'xfs'): string {
  return [
    'dm.thinpooldev=/dev/mapper/docker-thinpool',
    `dm.fs=${fileSystem}`,
    // ext4 writes its inode tables at once: 10 GB, as it comes, would fill half the pool.
    ...(fileSystem === 'ext4' ? ['dm.basesize=2G'] : []),
    'dm.use_deferred_removal=true',
    'dm.use_deferred_deletion=true',
  ]
    .map((option) => `--storage-opt ${option}`)
    .join(' ');
}

export interface Blocks {
  readonly totalData: number;
  readonly totalMetadata: number;
  readonly blockBytes: number;
}

/** Docker keeps a tenth of the data and of the metadata blocks, in whole blocks, and prints the first, rounded. */
export function compareMinimumFrees(
  samples: readonly Sample[],
  blocks: Blocks,
  origin?: string,
): readonly string[] {
  const expected = [
    [
      'data',
      origin === undefined ? {} : { origin },
      Math.floor((blocks.totalData * 10) / 100) * blocks.blockBytes,
    ],
    ['metadata', { origin: 'derived' }, Math.floor((blocks.totalMetadata * 10) / 100) * 4096],
  ] as const;
  return expected.flatMap(([resource, from, bytes]) => {
    const found = findValue(samples, 'thinpool_minimum_free_bytes', { pool: dockerPool, resource, ...from });
    return found === bytes ? [] : [`minimum free of ${resource} is ${found}, not ${bytes}`];
  });
}

/** What `docker info` rounds: minimum free, available, total and used. */
export async function checkDockerWords(
  lab: Lab,
  exporter: Answering,
  step: string,
  seconds = dockerSeconds,
): Promise<void> {
  await checkAgreement(lab, `${step}: metrics as docker info says`, seconds, async () =>
    compareDocker(await exporter.samples(), dockerPool, await readDockerInfo(lab)),
  );
  await checkAgreement(lab, `${step}: minimum free to the block`, seconds, async () =>
    compareMinimumFrees(await exporter.samples(), await readPoolTruth(lab, dockerPool), 'docker'),
  );
}

export async function writeIn(lab: Lab, container: string, file: string, mebibytes: number): Promise<void> {
  const dd = `/usr/bin/busybox dd if=/dev/zero of=/${file} bs=1M count=${mebibytes} conv=fsync`;
  await lab.sh(`docker exec ${container} ${dd}`, { timeoutMs: 120_000 });
}
