import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHost } from '../../../src/io/host-reader.ts';
import { openStateFile } from '../../../src/io/state-file.ts';
import { Measurer, type MeasurerOptions } from '../../../src/measure/measurer.ts';
import { readRecord } from '../../../src/measure/record.ts';
import type { ActivePool } from '../../../src/model/pool.ts';
import { dayMs, hourMs, minuteMs } from '../../../src/model/units.ts';
import { makeHost, makePool, makeVolume } from '../../support/makers.ts';

/** A kernel with one pool: a file holds the block of its metadata snapshot, or a hyphen. Blocks count up, as they would be free. */
const dmsetup = `
cd "$(dirname "$0")"
echo "dmsetup $*" >>calls
case $1 in
status) echo "0 1000 thin-pool 1 20/1024 100/3200 $(cat held) rw discard_passdown queue_if_no_space - 256 " ;;
message)
  [ -e broken-$7 ] && { echo 'device-mapper: message ioctl failed: Input/output error' >&2; exit 1; }
  case $7 in
  reserve_metadata_snap)
    [ "$(cat held)" = - ] || { echo 'device-mapper: message ioctl on vg-pool failed: Device or resource busy' >&2; exit 1; }
    [ "$(cat record.json)" ] && cp record.json at-reserve.json
    echo 77 >held ;;
  release_metadata_snap) echo - >held ;;
  esac ;;
esac`;
const thinLs = `
cd "$(dirname "$0")"
echo "thin_ls $*" >>calls
cp record.json at-thin-ls.json
[ -e slow ] && exec sleep 20
[ -e foreign ] && echo 99 >held
[ -e broken-thin_ls ] && { echo 'bad checksum in superblock' >&2; exit 1; }
printf '  1  30  10  20\\n  2  20   0  20\\n'`;
const passOn = (words: number) =>
  `echo "$(basename "$0")" >>"$(dirname "$0")/calls"; shift ${words}; exec "$@"`;

const half = 12 * 60;
const noon = 20_000 * dayMs + half * minuteMs;
let dir: string;
let now: number;
let pools: readonly ActivePool[];
let logged: string[];

async function install(name: string, script: string): Promise<void> {
  await writeFile(join(dir, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(dir, name), 0o755);
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'thinpool-measure-'));
  now = noon - hourMs;
  logged = [];
  const volumes = [makeVolume('253:7')];
  pools = [makePool({ uuid: 'LVM-abc-tpool', volumes, volumeCount: 1 })];
  put('held', '-\n');
  await install('dmsetup', dmsetup);
  await install('thin_ls', thinLs);
  await install('nice', passOn(2));
  await install('ionice', passOn(3));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const put = (name: string, content = '') => writeFileSync(join(dir, name), content);
const textOf = (name: string) => (existsSync(join(dir, name)) ? readFileSync(join(dir, name), 'utf8') : '');
const held = () => textOf('held').trim();
const calls = () =>
  textOf('calls')
    .trim()
    .split('\n')
    .map((line) => line.trim());
const record = (name = 'record.json') => readRecord(textOf(name));
const pool = 'docker-thinpool';
const message = (word: string) => `dmsetup message --manglename none -- ${pool} 0 ${word}`;
const messages = () => calls().filter((call) => call.includes('_metadata_snap'));

async function open(parts: Partial<MeasurerOptions> = {}): Promise<Measurer> {
  const log = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const measurer = new Measurer({
    read: openHost({ PATH: dir }).read,
    log: { info: log, warn: log, error: log } as unknown as MeasurerOptions['log'],
    now: () => now,
    host: () => makeHost({ pools, blockDevices: [{ device: '253:0', name: 'dm-0', slaves: [] }] }),
    file: openStateFile(join(dir, 'record.json')),
    at: half,
    ...parts,
  });
  await measurer.open();
  return measurer;
}

/** At noon, until it has nothing more to do. */
async function measureAtNoon(measurer: Measurer): Promise<void> {
  now = noon + 1000;
  measurer.tick();
  const isDone = () => logged.some((line) => line.startsWith('Exclusive space'));
  await vi.waitFor(() => expect(isDone()).toBe(true), { timeout: 10_000 });
}

describe('at its time of day', () => {
  it('reserves, lists and releases, and knows what it counted', async () => {
    const measurer = await open();
    measurer.tick();
    expect(textOf('calls')).toBe('');
    await measureAtNoon(measurer);
    expect(calls()).toEqual([
      `dmsetup status --manglename none --noflush -- ${pool}`,
      message('reserve_metadata_snap'),
      `dmsetup status --manglename none --noflush -- ${pool}`,
      'ionice',
      'nice',
      'thin_ls -m --no-headers -o DEV,MAPPED_BLOCKS,EXCLUSIVE_BLOCKS,SHARED_BLOCKS /dev/dm-0',
      `dmsetup status --manglename none --noflush -- ${pool}`,
      message('release_metadata_snap'),
    ]);
    expect(held()).toBe('-');
    const { spaces, outcomes, holding } = measurer.state();
    expect(holding).toBeUndefined();
    expect(outcomes).toEqual([{ dmName: 'docker-thinpool', outcome: 'measured' }]);
    expect(spaces).toMatchObject([
      {
        dmName: 'docker-thinpool',
        takenAt: noon + 1000,
        blockBytes: 65_536,
        volumes: [
          { deviceId: 1, mappedBlocks: 30, exclusiveBlocks: 10 },
          { deviceId: 2, mappedBlocks: 20, exclusiveBlocks: 0 },
        ],
      },
    ]);
  });

  it('records the snapshot before it reserves it, and its block before it reads it', async () => {
    await open().then(measureAtNoon);
    expect(record('at-reserve.json').holds).toMatchObject([{ uuid: 'LVM-abc-tpool' }]);
    expect(record('at-reserve.json').holds[0]).not.toHaveProperty('heldRoot');
    expect(record('at-thin-ls.json').holds).toMatchObject([{ uuid: 'LVM-abc-tpool', heldRoot: 77 }]);
    expect(record().holds).toEqual([]);
  });

  it('measures once a day, and makes up for a short delay only', async () => {
    const measurer = await open();
    await measureAtNoon(measurer);
    const before = calls().length;
    now += 20 * hourMs;
    measurer.tick();
    // Slept from before noon until past one o'clock.
    now = noon + dayMs + 61 * minuteMs;
    measurer.tick();
    expect(calls()).toHaveLength(before);
    logged.length = 0;
    now = noon + 2 * dayMs + 50 * minuteMs;
    measurer.tick();
    await vi.waitFor(() => expect(logged).toHaveLength(1), { timeout: 10_000 });
  });

  it('does nothing without a time', async () => {
    const measurer = await open({ at: undefined as never });
    now = noon + 1000;
    measurer.tick();
    expect(textOf('calls')).toBe('');
  });

  it('reads without ionice', async () => {
    await rm(join(dir, 'ionice'));
    const measurer = await open({ read: openHost({ PATH: dir }).read });
    await measureAtNoon(measurer);
    expect(measurer.state().outcomes).toMatchObject([{ outcome: 'measured' }]);
  });
});

describe('a pool that is left alone', () => {
  it('has a metadata snapshot of another tool', async () => {
    put('held', '55\n');
    const measurer = await open();
    await measureAtNoon(measurer);
    expect(measurer.state().outcomes).toMatchObject([{ outcome: 'held' }]);
    expect(logged[0]).toContain('another tool has reserved its metadata snapshot');
    expect(messages()).toEqual([]);
    expect(held()).toBe('55');
  });

  it.each([
    ['is suspended', { suspended: true }],
    ['has failed', { state: 'failed' as const }],
    ['has a late query', { late: { collector: 'pools', since: 0, degree: 'slow' as const } }],
  ])('%s', async (_, parts) => {
    pools = pools.map((one) => ({ ...one, ...parts }));
    const measurer = await open();
    await measureAtNoon(measurer);
    expect(measurer.state().outcomes).toMatchObject([{ outcome: 'unhealthy' }]);
    expect(textOf('calls')).toBe('');
  });

  it('cannot be recorded', async () => {
    const measurer = await open({ file: openStateFile(join(dir, 'held', 'record.json')) });
    await measureAtNoon(measurer);
    expect(measurer.state().outcomes).toMatchObject([{ outcome: 'failed' }]);
    expect(messages()).toEqual([]);
  });

  it('is reserved by another tool a moment earlier', async () => {
    await install('dmsetup', dmsetup.replace('$(cat held)', '-'));
    put('held', '55\n');
    const measurer = await open();
    await measureAtNoon(measurer);
    expect(measurer.state().outcomes).toMatchObject([{ outcome: 'held' }]);
    expect(messages()).toEqual([message('reserve_metadata_snap')]);
    expect([held(), record().holds]).toEqual(['55', []]);
  });
});

describe('the snapshot is released', () => {
  it('after thin_ls failed', async () => {
    put('broken-thin_ls');
    const measurer = await open();
    await measureAtNoon(measurer);
    expect(measurer.state()).toMatchObject({ spaces: [], outcomes: [{ outcome: 'failed' }] });
    expect(logged.join()).toContain('bad checksum in superblock');
    expect([held(), record().holds]).toEqual(['-', []]);
  });

  it('after thin_ls took too long', async () => {
    put('slow');
    const measurer = await open({ thinLsMs: 300 });
    await measureAtNoon(measurer);
    expect(measurer.state().outcomes).toMatchObject([{ outcome: 'timed-out' }]);
    expect([held(), record().holds]).toEqual(['-', []]);
  });

  it('where there is no thin_ls', async () => {
    await install('nice', 'exit 127');
    const measurer = await open();
    await measureAtNoon(measurer);
    expect(measurer.state().outcomes).toMatchObject([{ outcome: 'not-installed' }]);
    expect(held()).toBe('-');
  });

  it('when the exporter is stopped', async () => {
    put('slow');
    const measurer = await open();
    now = noon;
    measurer.tick();
    await vi.waitFor(() => expect(textOf('calls')).toContain('thin_ls'), { timeout: 10_000 });
    expect(measurer.state().holding).toBe('docker-thinpool');
    await measurer.stop();
    expect([held(), record().holds]).toEqual(['-', []]);
  });

  it('not if it is another one by now', async () => {
    put('foreign');
    await open().then(measureAtNoon);
    expect(messages()).toEqual([message('reserve_metadata_snap')]);
    expect([held(), record().holds]).toEqual(['99', []]);
  });

  it('later, if the kernel refuses', async () => {
    put('broken-release_metadata_snap');
    const measurer = await open();
    await measureAtNoon(measurer);
    await vi.waitFor(() => expect(logged).toHaveLength(2));
    expect([held(), record().holds]).toMatchObject(['77', [{ heldRoot: 77 }]]);
    expect(measurer.state().holding).toBeUndefined();
    await rm(join(dir, 'broken-release_metadata_snap'));
    now += 5 * minuteMs;
    measurer.tick();
    expect(held()).toBe('77');
    now += 6 * minuteMs;
    measurer.tick();
    await vi.waitFor(() => expect([held(), record().holds]).toEqual(['-', []]), { timeout: 10_000 });
  });
});

describe('what an earlier run has left behind', () => {
  const left = { dmName: 'docker-thinpool', uuid: 'LVM-abc-tpool', device: '253:2', bootId: 'another' };
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

  async function restart(hold: object, parts: Partial<MeasurerOptions> = {}): Promise<void> {
    put('record.json', JSON.stringify({ version: 1, holds: [hold], spaces: [] }));
    const measurer = await open({ at: undefined as never, ...parts });
    measurer.tick();
    await measurer.stop();
  }

  it('is released, after a restart of the host, too', async () => {
    put('held', '77\n');
    await restart({ ...left, heldRoot: 77 });
    expect([held(), record().holds]).toEqual(['-', []]);
  });

  it('is released under the name that the pool has now', async () => {
    put('held', '77\n');
    await restart({ ...left, dmName: 'before', heldRoot: 77 });
    expect(messages()).toEqual([message('release_metadata_snap')]);
  });

  it('is not released if another one is held', async () => {
    put('held', '78\n');
    await restart({ ...left, heldRoot: 77 });
    expect([held(), record().holds, messages()]).toEqual(['78', [], []]);
    expect(logged.join()).toContain('not the one that was reserved here');
  });

  it('is not released if it may be of another tool: the crash came before its block was known', async () => {
    put('held', '77\n');
    await restart(left);
    expect([held(), messages()]).toEqual(['77', []]);
    expect(logged[0]).toContain('another tool may have reserved it');
  });

  it('is forgotten once it is gone', async () => {
    await restart(left);
    expect([record().holds, messages()]).toEqual([[], []]);
  });

  it('is left alone while the pool is sick', async () => {
    put('held', '77\n');
    pools = pools.map((one) => ({ ...one, suspended: true }));
    await restart({ ...left, heldRoot: 77 });
    expect([held(), record().holds]).toMatchObject(['77', [{ heldRoot: 77 }]]);
  });

  it.each([
    [bootId, '-'],
    ['another', '77'],
  ])('of a pool without a UUID is known within one boot (%s)', async (boot, expected) => {
    const { uuid: _, ...rest } = left;
    pools = pools.map(({ uuid: __, ...one }) => one);
    put('held', '77\n');
    await restart({ ...rest, bootId: boot, heldRoot: 77 });
    expect(held()).toBe(expected);
  });

  it('is read again: what was measured of pools with a UUID', async () => {
    await open().then(measureAtNoon);
    expect((await open()).state().spaces).toMatchObject([{ uuid: 'LVM-abc-tpool' }]);
    expect((await open({ at: undefined as never })).state().spaces).toEqual([]);
  });
});
