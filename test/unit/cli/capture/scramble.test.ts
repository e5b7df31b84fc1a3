import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createScrambler } from '../../../../src/cli/capture/scramble.ts';
import { chosenNames, scrambleRecorded } from '../../../../src/cli/capture/scramble-recorded.ts';
import { Slots } from '../../../../src/collect/concurrency.ts';
import { Monitor } from '../../../../src/collect/monitor.ts';
import { collectors } from '../../../../src/collectors/index.ts';
import type { Read } from '../../../../src/io/read.ts';
import { recordHost, writeRecorded } from '../../../../src/io/record.ts';
import { replayHost } from '../../../../src/io/replay.ts';
import { renderFacts } from '../../../../src/metrics/exposition.ts';
import { capturedAt, hostsDir } from '../../../support/replayed.ts';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true });
});

function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'scramble-'));
  dirs.push(dir);
  return dir;
}

async function snapshotOf(read: Read) {
  const monitor = new Monitor({
    collectors: collectors.map((collector) => ({ collector, mode: 'auto', settings: collector.defaults })),
    queryOptions: { segMonitor: 'auto' },
    read,
    slots: new Slots(8),
    now: () => capturedAt,
    log: { warn: () => {}, info: () => {} },
    assemble: { maxVolumes: 2000, minimumFree: [] },
    keepOutputs: false,
    missingRetentionMs: 3_600_000,
  });
  const { host, findings } = await monitor.collectOnce();
  const names = chosenNames((collector) => monitor.trace(collector)?.facts ?? []);
  return { names, findings, metrics: await renderFacts({ host, findings, trends: [] }, 'text') };
}

/** A case replayed, and replayed again from what was recorded of it and scrambled. */
async function scrambleCase(name: string, salt: string) {
  const recorder = recordHost(replayHost(join(hostsDir, name), () => capturedAt));
  const before = await snapshotOf(recorder.read);
  const scramble = createScrambler(before.names, salt);
  const dir = makeDir();
  await writeRecorded(dir, scrambleRecorded(recorder.recorded(), scramble));
  const after = await snapshotOf(replayHost(dir, () => capturedAt));
  return { before, after, scramble, dir };
}

// Names decide the order of lines. Help is the program's own prose, in which any word may also be a name.
const sorted = (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('# HELP'))
    .sort();

const cases = readdirSync(hostsDir).filter((name) => name.startsWith('lab-') || name === 'docker-containers');

describe.each(cases)('a scrambled capture of %s', (name) => {
  it.each(['one', 'two'])('has the same content under other names (salt %s)', async (salt) => {
    const { before, after, scramble } = await scrambleCase(name, salt);
    // Only within quotes: a label may have the same name as a volume.
    const scrambled = before.metrics.replaceAll(/"(?:[^"\\]|\\.)*"/g, scramble);
    expect(sorted(after.metrics)).toEqual(sorted(scrambled));
    expect(after.findings.map(({ code }) => code).sort()).toEqual(
      before.findings.map(({ code }) => code).sort(),
    );
  });
});

function allText(dir: string): string {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => `${name}\n${readFileSync(join(parentPath, name), 'utf8')}`)
    .join('\n');
}

describe('a scrambled capture', () => {
  it('contains no name that a person chose, in keys or texts, and no UUID', async () => {
    const { dir, before } = await scrambleCase('lab-healthy', 'three');
    const text = allText(dir);
    for (const word of ['fast', 'home', 'scratch', 'upgrade', 'image', 'grow']) {
      expect(allText(join(hostsDir, 'lab-healthy'))).toContain(word);
      expect(text).not.toMatch(new RegExp(`(?<![a-z])${word}(?![a-z])`));
    }
    expect(before.metrics).toContain('ykdlh5HqucLMbBLY199GysFkl9tWfRyK');
    expect(text).not.toMatch(/ykdlh5|HqucLMb|LMbB|LjL5x0/);
  });

  it('holds no name of a container, and of no image', async () => {
    const { dir } = await scrambleCase('docker-containers', 'three');
    for (const word of ['web', 'nginx', 'ci-runner', 'example']) {
      expect(allText(join(hostsDir, 'docker-containers', 'containers'))).toContain(word);
      expect(allText(dir)).not.toMatch(new RegExp(`(?<![a-z])${word}(?![a-z])`));
    }
  });

  it('holds of docker info and of the kernel log only what is about storage', () => {
    const place = { collector: 'kmsg', key: 'log' };
    const stdout =
      '#monotonic 5\n6,1,1,-;usb 1-1: SerialNumber: 4711\n4,2,2,-;device-mapper: thin: 254:2: reached low water mark\n';
    const output = { stdout, stderr: '', exitCode: 0, takenAt: 0 };
    const [kept] = scrambleRecorded([{ place, result: { ok: true, output } }], (text) => text);
    expect(kept?.result).toMatchObject({
      output: { stdout: '#monotonic 5\n4,2,2,-;device-mapper: thin: 254:2: reached low water mark\n' },
    });
  });

  it.each([
    ['{"Driver":"overlay2","Name":"db1.corp","HttpProxy":"http://u:p@x"}\n', '{"Driver":"overlay2"}\n'],
    [
      'Server:\n Server Version: 20.10\n Storage Driver: devicemapper\n  Pool Name: p\n Logging Driver: x\n Name: db1\n',
      'Server:\n Server Version: 20.10\n Storage Driver: devicemapper\n  Pool Name: p\n',
    ],
  ])('reduces %j', (stdout, left) => {
    const output = { stdout, stderr: '', exitCode: 0, takenAt: 0 };
    const place = { collector: 'docker', key: 'info', variant: 'json' };
    const [kept] = scrambleRecorded([{ place, result: { ok: true, output } }], (text) => text);
    expect(kept?.result).toMatchObject({ output: { stdout: left } });
  });
});

describe('a scrambler', () => {
  const scramble = createScrambler(
    [
      'orders',
      'vg-orders',
      'vg--x-orders-tpool',
      'with\\x20space',
      'vg',
      'docker-253:1-77-pool',
      '/srv/orders/data',
    ],
    'salt',
  );

  it('keeps the structure of a name', () => {
    expect(scramble('vg--x-orders-tpool')).toMatch(/^vg--[a-z]-[a-z]{6}-tpool$/);
    expect(scramble('with\\x20space')).toMatch(/^[a-z]{4}\\x20space$/);
    expect(scramble('docker-253:1-77-pool')).toBe('docker-253:1-77-pool');
  });

  it('says the same of one word wherever it stands', () => {
    const word = scramble('orders');
    expect(word).not.toBe('orders');
    expect(scramble('/dev/vg/orders: "orders" [orders]')).toBe(`/dev/vg/${word}: "${word}" [${word}]`);
    expect(scramble('vg-orders')).toBe(`vg-${word}`);
    expect(scramble('/srv/orders/data')).toMatch(new RegExp(`^/[a-z]{3}/${word}/data$`));
  });

  it('leaves other words alone, and the keys of tools', () => {
    expect(scramble('preorders orders-2 orders_x')).toBe('preorders orders-2 orders_x');
    expect(scramble('{"orders": "x", "vg_name":"vg"}')).toBe('{"orders": "x", "vg_name":"vg"}');
  });

  it('knows an LVM UUID with hyphens and without', () => {
    const vg = 'ykdlh5-Hquc-LMbB-LY19-9Gys-Fkl9-tWfRyK';
    const bare = vg.replaceAll('-', '');
    const other = scramble(vg);
    expect(other).toMatch(/^\w{6}(?:-\w{4}){5}-\w{6}$/);
    expect(other).not.toBe(vg);
    expect(scramble(`LVM-${bare}${bare}-tpool`)).toBe(`LVM-${other.replaceAll('-', '').repeat(2)}-tpool`);
  });

  it('never makes one name of two', () => {
    const names = Array.from({ length: 60 }, (_, at) => `${String.fromCharCode(97 + (at % 26))}-${at}`);
    const short = createScrambler([...'abcdefghijklmnopqrstuvwxyz', ...names], 'salt');
    expect(new Set(names.map(short)).size).toBe(names.length);
    expect(new Set([...'abcdefghijklmnopqrstuvwxyz'].map(short)).size).toBe(26);
  });
});
