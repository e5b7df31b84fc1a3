import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDmLines } from '../../../../src/collectors/dmsetup/line.ts';
import { parsePoolStatus } from '../../../../src/collectors/dmsetup/pool-status.ts';
import { docker } from '../../../../src/collectors/docker/docker.ts';
import { Unavailable } from '../../../../src/collectors/shared/errors.ts';
import type { DockerInfo, PoolCounters } from '../../../../src/model/facts.ts';
import { metadataBlockBytes } from '../../../../src/model/units.ts';
import { roundingBytes } from '../../../../src/thinpool/docker-rounding.ts';
import { minimumFreesOf } from '../../../../src/thinpool/minimum-free.ts';
import { makeHost, makeSpace } from '../../../support/makers.ts';

function read(host: string, name: string): string | undefined {
  try {
    return readFileSync(join(import.meta.dirname, '..', '..', '..', 'hosts', host, name), 'utf8');
  } catch {
    return undefined;
  }
}

function readCapture(host: string, variantName: string): DockerInfo | undefined {
  const [query] = docker.queries(makeHost(), { segMonitor: 'auto' });
  const variant = query?.variants.find(({ name }) => name === variantName);
  const facts = variant?.parse(
    {
      stdout: read(host, `docker/info.${variantName}.txt`) ?? '',
      stderr: read(host, `docker/info.${variantName}.stderr`) ?? '',
      exitCode: Number(read(host, `docker/info.${variantName}.exit`) ?? 0),
      takenAt: 0,
    },
    undefined,
  );
  return facts?.dockerInfos?.[0];
}

function countersOf(host: string, pool: string): PoolCounters {
  const [line] = parseDmLines(read(host, `pools/${encodeURIComponent(pool)}.txt`) ?? '').records;
  const status = line && parsePoolStatus(line, pool);
  if (status?.state !== 'readable') throw new Error(`${host} has no readable status of ${pool}`);
  return status.counters;
}

describe.each(['lab-docker-direct', 'lab-docker-loop'])('%s', (host) => {
  test('JSON and text give the same facts', () => {
    expect(readCapture(host, 'json')).toEqual(readCapture(host, 'text'));
    expect(readCapture(host, 'json')).toMatchObject({
      version: '20.10.24+dfsg1',
      loopback: host.endsWith('loop'),
    });
  });
});

describe.each(['lab-docker-down', 'lab-docker-down-28'])('%s', (host) => {
  test.each(['json', 'text'])('%s: there is no daemon', (variant) => {
    expect(() => readCapture(host, variant)).toThrow(Unavailable);
  });
});

describe.each([
  ['docker-17.03.2-direct-lvm', 'docker-253:2-812-pool', 65_536],
  ['lab-docker-direct', 'docker-thinpool', 524_288],
  ['lab-docker-loop', 'docker-98:0-131080-pool', 65_536],
])('docker info of %s agrees with the status of its pool', (host, poolName, blockBytes) => {
  const dockerInfo = readCapture(host, 'text');
  const counters = countersOf(host, poolName);
  const data = makeSpace(counters.dataUsedBlocks, counters.dataBlocks, blockBytes);
  const metadata = makeSpace(counters.metadataUsedBlocks, counters.metadataBlocks, metadataBlockBytes);

  test('in name and block size', () => {
    expect(dockerInfo).toMatchObject({ poolName, blockSizeBytes: blockBytes });
  });

  test.each([
    ['dataUsedBytes', data.usedBytes],
    ['dataSizeBytes', data.sizeBytes],
    ['metadataUsedBytes', metadata.usedBytes],
    ['metadataSizeBytes', metadata.sizeBytes],
    ['metadataAvailableBytes', metadata.freeBytes],
  ] as const)('in %s, within its rounding', (field, bytes) => {
    const printed = dockerInfo?.[field] ?? 0;
    expect(Math.abs(printed - bytes)).toBeLessThanOrEqual(roundingBytes(printed));
  });

  test('in its minimum free, which is 10%', () => {
    expect(minimumFreesOf({ data, metadata }, dockerInfo, undefined)).toEqual([
      { resource: 'data', origin: 'docker', bytes: Math.floor(data.blocks / 10) * blockBytes },
      {
        resource: 'metadata',
        origin: 'derived',
        bytes: Math.floor(metadata.blocks / 10) * metadataBlockBytes,
      },
    ]);
  });
});
