import type { Host } from '../../model/host.ts';
import type { Pool } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { defineCollector, type Query } from '../collector.ts';
import { scrambleStatfs, vocabulary } from './scrambling.ts';
import { parseAllocation, parseFileSystem } from './statfs.ts';

// A pool on loop devices is full when the file system under its files is, whatever the pool's own counters are. statfs on an
// unresponsive server never returns, so it runs in a child, one per file.
export const filesystems = defineCollector({
  name: 'filesystems',
  help: 'Free space of the file systems that hold the loop files of pools.',
  needs: { tool: 'stat', package: 'coreutils or busybox' },
  defaults: { intervalMs: 30 * secondMs, timeoutMs: 5 * secondMs },
  queries: (host) =>
    [...findFiles(host)]
      .slice(0, filesMax)
      .flatMap(([file, pool]) => [queryFile(file, pool), ...askAllocation(file, pool)]),
  scrambling: { vocabulary, scramble: scrambleStatfs },
});

const filesMax = 64;

/** Loop files of pools, each with its pool, if known. */
function findFiles(host: Host): Map<string, Pool | undefined> {
  const files = new Map<string, Pool | undefined>();
  const add = (file: string | undefined, pool?: Pool): void => {
    if (file !== undefined && isAbsolutePath(file) && !files.has(file)) files.set(file, pool);
  };
  for (const pool of host.pools.filter(({ excluded }) => excluded !== true)) {
    for (const { backingFile } of pool.stack) add(backingFile, pool);
    add(pool.dockerInfo?.dataLoopFile, pool);
    add(pool.dockerInfo?.metadataLoopFile, pool);
  }
  for (const { backingFile } of host.blockDevices) add(backingFile);
  for (const dockerInfo of host.dockerInfos) {
    add(dockerInfo.dataLoopFile);
    add(dockerInfo.metadataLoopFile);
  }
  return files;
}

function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') && !path.includes('\0');
}

/** Block size for counts, blocks, free blocks for root (f_bfree, which Docker uses too), type: man stat, --file-system. */
const format = '%S %b %f %T';

function queryFile(file: string, pool: Pool | undefined): Query {
  return {
    key: file,
    ...(pool === undefined ? {} : { about: pool.dmName }),
    variants: [
      {
        input: { command: ['stat', '-f', '-c', format, '--', placeOf(file)] },
        parse: (output) => ({ fileSystems: [parseFileSystem(output, file)] }),
      },
    ],
  };
}

/** Allocated blocks, their size, and the size of the file: man stat. */
const allocation = '%b %B %s';

/** What is allocated of a file takes no more room. Of one that was unlinked that cannot be read: it counts as sparse. */
function askAllocation(file: string, pool: Pool | undefined): Query[] {
  if (file.endsWith(deleted)) return [];
  return [
    {
      key: `allocated${file}`,
      ...(pool === undefined ? {} : { about: pool.dmName }),
      variants: [
        {
          input: { command: ['stat', '-L', '-c', allocation, '--', file] },
          parse: (output) => ({ backingFiles: [parseAllocation(output, file)] }),
        },
      ],
    },
  ];
}

const deleted = ' (deleted)';

/** The kernel marks a file that was unlinked under its loop device (fs/d_path.c): its directory is on the same file system. */
function placeOf(file: string): string {
  if (!file.endsWith(deleted)) return file;
  return file.slice(0, Math.max(1, file.lastIndexOf('/')));
}
