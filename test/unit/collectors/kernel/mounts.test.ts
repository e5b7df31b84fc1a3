import { describe, expect, it } from 'vitest';
import type { Query } from '../../../../src/collectors/collector.ts';
import { mounts } from '../../../../src/collectors/kernel/mounts.ts';
import { Exited, ParseError, Unavailable } from '../../../../src/collectors/shared/errors.ts';
import type { DeviceNumber, PartialFacts } from '../../../../src/model/facts.ts';
import type { ActivePool, Volume, VolumeUse } from '../../../../src/model/pool.ts';
import { makeHost, makePool, makeSpace, makeUnknownPool } from '../../../support/makers.ts';

const KiB = 1024;
const volume = (name: string, device: DeviceNumber, parts: Partial<Volume> = {}): Volume => ({
  name,
  device,
  suspended: false,
  sizeBytes: 100 * KiB,
  mappedBytes: 50 * KiB,
  ...parts,
});
const home = volume('vg-home', '253:4');
const mounted = {
  name: 'vg-home',
  device: '253:4',
  mountPoint: '/home',
  source: '/dev/mapper/vg-home',
} as const;

function queriesOf(pool: ActivePool, volumeMounts: readonly (typeof mounted)[] = []): readonly Query[] {
  return mounts.queries(makeHost({ pools: [pool], volumeMounts }), { segMonitor: 'auto' });
}

function read(query: Query | undefined, stdout: string, stderr = '', exitCode = 0): PartialFacts | undefined {
  return query?.variants[0].parse({ stdout, stderr, exitCode, takenAt: 0 }, undefined);
}

describe('the mounts', () => {
  const [query] = queriesOf(makePool({ volumes: [home, volume('vg-srv', '253:5')] }));
  const mountOf = (lines: readonly string[]) => read(query, `${lines.join('\n')}\n`)?.volumeMounts;

  it('are looked for by the numbers of the volumes, without touching one', () => {
    expect(query?.variants[0].input).toEqual({
      command: ['grep', '-aF', '-e', ' 253:4 ', '-e', ' 253:5 ', '--', '/proc/1/mountinfo'],
    });
  });

  it('count once for each device, the whole file system before a folder of it', () => {
    const lines = [
      '90 29 253:4 /a /a rw - xfs /dev/mapper/vg-home rw',
      '91 29 253:4 / /mnt/home rw shared:2 - xfs /dev/mapper/vg-home rw,noquota',
      '92 29 253:4 / /my\\040home rw shared:2 master:1 - xfs /dev/mapper/vg-home rw',
    ];
    expect(mountOf(lines)).toEqual([{ ...mounted, mountPoint: '/my home' }]);
    expect(mountOf(lines.slice(0, 1))).toEqual([{ ...mounted, mountPoint: '/a' }]);
  });

  it.each([
    ['Btrfs', '90 29 253:4 / /a rw - btrfs /dev/mapper/vg-home rw'],
    ['XFS with a second device', '90 29 253:4 / /a rw - xfs /dev/mapper/vg-home rw,rtdev=/dev/sdb'],
    ['another device', '90 29 8:1 / /a 253:4 rw - xfs /dev/sda1 rw'],
  ])('are left out: %s', (_, line) => {
    expect(mountOf([line])).toEqual([]);
  });

  it('may be none', () => {
    expect(read(query, '', '', 1)).toEqual({ volumeMounts: [] });
  });

  it('are not looked for where there are only layers of containers', () => {
    const use: VolumeUse = { owner: 'docker', role: 'disk', consumer: 'container', id: 'a' };
    expect(queriesOf(makePool({ volumes: [{ ...home, use }] }))).toEqual([]);
    expect(queriesOf({ ...makePool({ volumes: [home] }), excluded: true })).toEqual([]);
  });
});

describe('what is used', () => {
  const [, query] = queriesOf(makePool({ volumes: [home] }), [mounted]);
  const heading = 'Filesystem 1024-blocks Used Available Capacity Mounted on\n';

  it('is read by a child', () => {
    expect(query?.key).toBe('used@vg-home');
    expect(query?.blockedBy).toBeUndefined();
    expect(query?.variants[0].input).toEqual({ command: ['df', '-P', '-k', '--', '/home'] });
  });

  it.each(['/dev/mapper/vg-home', '/dev/dm-4'])('is that of the file system on %s', (source) => {
    expect(read(query, `${heading}${source}  100 40 -3 40% /home\n`)).toEqual({
      volumeUsages: [
        {
          name: 'vg-home',
          device: '253:4',
          sizeBytes: 100 * KiB,
          usedBytes: 40 * KiB,
          mappedBytes: 50 * KiB,
        },
      ],
    });
  });

  it.each([
    ['another file system hides it', `${heading}tmpfs 100 40 60 40% /home\n`, '', 0],
    ['it is not there', '', 'df: /home: No such file or directory\n', 1],
    ['it may not be read', '', 'df: /home: Permission denied\n', 1],
  ])('is not known where %s', (_, stdout, stderr, exitCode) => {
    expect(() => read(query, stdout, stderr, exitCode)).toThrow(Unavailable);
  });

  it('is not guessed', () => {
    expect(() => read(query, heading)).toThrow(ParseError);
    expect(() => read(query, `${heading}/dev/dm-4 100 140 0 100% /home\n`)).toThrow(ParseError);
    expect(() => read(query, '', 'df: /home: Input/output error\n', 1)).toThrow(Exited);
  });

  it('is read of the largest, of 64 at most', () => {
    const many = Array.from({ length: 70 }, (_, at) => volume(`v${at}`, `253:${at}`, { mappedBytes: at }));
    const found = many.map(({ name, device }) => ({ ...mounted, name, device }) as typeof mounted);
    const [, first, ...others] = queriesOf(makePool({ volumes: many }), found);
    expect([first?.key, others.length]).toEqual(['used@v69', 63]);
  });

  it('is not read of another volume that has the number or the name by now', () => {
    expect(queriesOf(makePool({ volumes: [volume('vg-home', '253:9')] }), [mounted])).toHaveLength(1);
  });
});

describe('a file system that may hang', () => {
  const counters = makePool().counters!;
  const volumes = [home];

  it.each<[string, ActivePool]>([
    ['is suspended', makePool({ volumes, suspended: true })],
    ['stuck in the kernel', makePool({ volumes, late: { collector: 'pools', since: 1, degree: 'stuck' } })],
    ['has failed', makePool({ volumes, state: 'failed' })],
    ['went read-only', makePool({ volumes, counters: { ...counters, mode: 'ro' } })],
    ['needs a metadata check', makePool({ volumes, counters: { ...counters, needsCheck: true } })],
    ['is out of data space', makePool({ volumes, counters: { ...counters, mode: 'out_of_data_space' } })],
    ['is out of data space', makePool({ volumes, data: makeSpace(10, 10, 65_536) })],
    ['status of pool docker-thinpool is unknown', makeUnknownPool({ volumes })],
    ['volume vg-home is suspended', makePool({ volumes: [{ ...home, suspended: true }] })],
  ])('is not read: %s', (reason, pool) => {
    const [ofMounts, ofUse] = queriesOf(pool, [mounted]);
    expect(ofUse?.blockedBy).toMatch(/^a file system may hang: /);
    expect(ofUse?.blockedBy).toContain(reason);
    expect(ofMounts?.blockedBy).toBeUndefined();
  });
});
