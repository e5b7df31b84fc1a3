import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Variant } from '../../../../src/collectors/collector.ts';
import { lvm } from '../../../../src/collectors/lvm/lvm.ts';
import { lvmPolicy } from '../../../../src/collectors/lvm/lvm-policy.ts';
import type { LogicalVolume, PartialFacts } from '../../../../src/model/facts.ts';
import { planAutoextend } from '../../../../src/thinpool/autoextend.ts';
import { emptyHost, recipePool } from '../../../support/host.ts';

const hosts = new URL('../../../hosts/', import.meta.url);
const captured = readdirSync(hosts).filter((host) =>
  ['json', 'text'].every((form) => existsSync(new URL(`${host}/lvm/lvs.${form}.txt`, hosts))),
);
const queryOptions = { segMonitor: 'on' } as const;

function answer(host: string, file: string, variant: Variant): PartialFacts {
  const read = (result: string) => {
    const path = new URL(`${host}/${file}.${result}`, hosts);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const output = { stdout: read('txt'), stderr: read('stderr'), exitCode: Number(read('exit')), takenAt: 0 };
  return variant.parse(output, undefined);
}

function ask(host: string, key: 'lvs' | 'vgs', name: 'json' | 'text'): PartialFacts {
  const query = lvm.queries(emptyHost, queryOptions).find((each) => each.key === key);
  const variant = query?.variants.find((each) => each.name === name);
  return answer(host, `lvm/${key}.${name}`, variant!);
}

function policy(host: string, profile?: string) {
  const pool: LogicalVolume = { vgName: 'vg', lvName: 'pool', role: 'pool', ...(profile && { profile }) };
  const query = lvmPolicy.queries({ ...emptyHost, logicalVolumes: [pool] }, queryOptions).at(-1);
  return answer(host, `lvmpolicy/${query!.key}`, query!.variants[0]).extendPolicies?.[0];
}

function volume(host: string, lvName: string) {
  return ask(host, 'lvs', 'json').logicalVolumes?.find((each) => each.lvName === lvName);
}

test('there are captured hosts', () => {
  expect(captured.length).toBeGreaterThan(10);
});

describe.each(captured)('%s', (host) => {
  test('says the same in JSON and in text', () => {
    expect(ask(host, 'lvs', 'json')).toEqual(ask(host, 'lvs', 'text'));
    expect(ask(host, 'vgs', 'json')).toEqual(ask(host, 'vgs', 'text'));
  });

  test('has one fact for every LV and VG, and a policy', () => {
    const { logicalVolumes = [] } = ask(host, 'lvs', 'json');
    const uuids = new Set(logicalVolumes.map(({ lvUuid }) => lvUuid));
    expect(uuids.size).toBe(logicalVolumes.length);
    for (const { pvNames, pvCount } of ask(host, 'vgs', 'json').volumeGroups ?? [])
      expect(pvNames).toHaveLength(pvCount ?? 0);
    expect(policy(host)).toEqual({ thresholdPercent: 100, stepPercent: 20, monitoring: true });
  });
});

describe('LVM 2.03.16 shows', () => {
  const ok = { role: 'pool', monitored: true, checkNeeded: false, suspended: false, whenFull: 'queue' };

  test('pools in use, and a profile of their own', () => {
    expect(volume('lab-healthy', 'data')).toMatchObject({ ...ok, dataPercent: 41.99, thinCount: 6 });
    expect(volume('lab-healthy', 'fast')).toMatchObject({ ...ok, profile: 'grow', chunkSizeBytes: 262144 });
    expect(policy('lab-healthy', 'grow')).toMatchObject({ profile: 'grow', thresholdPercent: 70 });
  });

  test('volumes, snapshots, external origins, and no usage of inactive ones', () => {
    expect(volume('lab-healthy', 'from-image')).toMatchObject({
      role: 'volume',
      poolLv: 'data',
      origin: 'image',
    });
    expect(volume('lab-healthy', 'image')).toMatchObject({ role: 'other' });
    expect(volume('lab-healthy', 'home-inactive')).not.toHaveProperty('dataPercent');
  });

  test('pools in every kind of trouble', () => {
    expect(volume('lab-queueing', 'pool')).toMatchObject({ ...ok, health: 'out_of_data', dataPercent: 100 });
    expect(volume('lab-needs-check', 'pool')).toMatchObject({
      health: 'metadata_read_only',
      checkNeeded: true,
    });
    expect(volume('lab-suspended', 'pool')).toMatchObject({ ...ok, suspended: true });
    expect(volume('lab-unmonitored', 'pool')).toMatchObject({ ...ok, monitored: false });
    const failed = volume('lab-failed', 'pool');
    expect(failed).toMatchObject({ role: 'pool', health: 'failed' });
    for (const unknown of ['dataPercent', 'metadataPercent', 'checkNeeded'])
      expect(failed).not.toHaveProperty(unknown);
    expect(volume('lab-failed', 'thin')).toMatchObject({ role: 'volume', health: 'failed' });
  });

  test('a VG of two PVs once', () => {
    expect(ask('lab-resized', 'vgs', 'json').volumeGroups).toMatchObject([
      { vgName: 'vg', pvNames: ['/dev/ubda', '/dev/ubdb'], missingPvCount: 0 },
    ]);
  });

  test('the recipe: "Insufficient free space: 49 extents needed, but only 9 available"', () => {
    const found = volume('lab-recipe', 'thinpool')!;
    const group = ask('lab-recipe', 'vgs', 'json').volumeGroups![0]!;
    const { counters: _, ...pool } = {
      ...recipePool,
      lengthSectors: found.sizeBytes! / 512,
      lvm: found,
      volumeGroup: group,
    };
    const [data] = planAutoextend(pool, policy('lab-recipe', 'docker-thinpool')!).steps;
    expect(data!.neededBytes! / group.extentBytes).toBe(49);
    expect(data!.shortfallBytes).toBe(40 * group.extentBytes);
  });
});
