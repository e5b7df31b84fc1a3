import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createScrambler } from '../../../../src/cli/capture/scramble.ts';
import { scrambleRecorded } from '../../../../src/cli/capture/scramble-recorded.ts';
import { Slots } from '../../../../src/collect/concurrency.ts';
import { Monitor } from '../../../../src/collect/monitor.ts';
import { collectors } from '../../../../src/collectors/index.ts';
import type { Read } from '../../../../src/io/read.ts';
import { type Recorded, recordHost } from '../../../../src/io/record.ts';
import { replayHost } from '../../../../src/io/replay.ts';
import { renderFacts } from '../../../../src/metrics/exposition.ts';
import { capturedAt, hostsDir } from '../../../support/replayed.ts';
import { writeHost } from '../../../support/written.ts';

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
  return { host, findings, metrics: await renderFacts({ host, findings, pending: [], trends: [] }, 'text') };
}

/** A case replayed, and replayed again from what was recorded of it and scrambled. */
async function scrambleCase(name: string, salt: string) {
  const recorder = recordHost(replayHost(join(hostsDir, name), () => capturedAt));
  const before = await snapshotOf(recorder.read);
  const { recorded, kept, scrambler } = scrambleRecorded(recorder.recorded(), collectors, salt);
  const dir = await writeHost(makeDir(), recorded);
  const after = await snapshotOf(replayHost(dir, () => capturedAt));
  return { before, after, scrambler, kept, dir };
}

/** Labels whose value is a name that a person or a program chose. */
const namedLabels =
  /\b(pool|origin|pool_name|volume|name|vg|vg_name|lv|lv_name|profile|path|backing_file|image|known_as|device_name|pv|file|uuid|dm_name|id)="((?:[^"\\]|\\.)*)"/g;

// Names decide the order of lines. Help is the program's own prose, in which any word may also be a name.
const sorted = (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('# HELP'))
    .sort();

const hosts = readdirSync(hostsDir);

describe.each(hosts)('a scrambled capture of %s', (host) => {
  it.each(['one', 'two'])('is judged the same, under other names (salt %s)', async (salt) => {
    const { before, after, scrambler } = await scrambleCase(host, salt);
    const { name } = scrambler;
    const renamed = before.metrics.replaceAll(namedLabels, (all, label: string, value: string) =>
      /^(?:derived|docker|lvm|configured|containers-storage|kernel|reported|)$/.test(value)
        ? all
        : `${label}=${JSON.stringify(name(JSON.parse(`"${value}"`)))}`,
    );
    // Where two VGs have one name, the beginning of their UUID follows it.
    const masked = (text: string) => text.replaceAll(/@\w{6}(?=["/ ]|$)/g, '@VG');
    expect(sorted(masked(after.metrics))).toEqual(sorted(masked(renamed)));
    const judged = (findings: typeof before.findings, rename: (text: string) => string) =>
      findings
        .map(({ code, severity, resource, target, collector, secondsLeft, pool, vg }) =>
          [
            code,
            severity,
            resource,
            target,
            collector,
            secondsLeft,
            ...[pool, vg].map((one) => one && masked(rename(one))),
          ].join(' '),
        )
        .sort();
    expect(judged(after.findings, (text) => text)).toEqual(judged(before.findings, name));
  });
});

/** Names as people and programs choose them, also such as look like numbers, identifiers, words of tools or paths. */
// A favourite of the generator, and a word of LVM.
const letters = fc
  .string({
    unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
    minLength: 7,
    maxLength: 12,
  })
  .filter((text) => !text.startsWith('argument'));
const digits = fc.string({ unit: fc.constantFrom(...'123456789'), minLength: 6, maxLength: 12 });
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const chosenName = fc.oneof(
  letters,
  letters.map((word) => word.toUpperCase()),
  fc.tuple(letters, letters, fc.nat(99)).map((parts) => parts.join('-')),
  fc.tuple(letters, letters).map(([one, other]) => `read-${one}_error.${other}`),
  letters.map((word) => `sda${word}`),
  fc.string({ unit: fc.constantFrom(...'äöüßéñłøжщфюя漢字仮名'), minLength: 6, maxLength: 9 }),
  fc.tuple(letters, digits).map(([word, number]) => `${word}${number}`),
  hex(12).map((text) => `a${text}`),
  hex(16).map((text) => `0x${text}`),
  fc.uuid(),
  fc.tuple(hex(6), hex(4), hex(4), hex(4), hex(4), hex(4), hex(6)).map((parts) => `x${parts.join('-')}`),
  fc.tuple(letters, letters).map(([host, domain]) => `${host}.${domain}.example`),
  fc.tuple(letters, letters).map(([one, other]) => `/srv/${one}/${other}`),
  fc.tuple(letters, digits).map(([word, number]) => `wwn-${number}-${word}`),
  fc.tuple(hex(2), hex(2), hex(2)).map((parts) => `52:54:00:${parts.join(':')}`),
  fc.constantFrom('192.168', '10.200').chain((net) => fc.nat(254).map((host) => `${net}.117.${host}`)),
);
/** Where a number stands, one is a value. */
const chosenNumber = fc.oneof(
  digits,
  fc.tuple(digits, digits).map((parts) => parts.join('-')),
  fc.tuple(fc.nat(899), fc.nat(899), fc.nat(899)).map((parts) => parts.map((part) => part + 100).join('-')),
);

const place = /[\p{L}\p{N}_.+-]+/gu;

/** Puts a name at every seventh place, so that what surrounds it is as the tool wrote it. */
function putNames(text: string, offset: number, next: (before: string) => string) {
  let at = -1;
  return text.replaceAll(place, (before) => {
    at += 1;
    return at % 7 === offset ? next(before) : before;
  });
}

/** As dmsetup and the kernel write bytes beyond ASCII. */
function inBytes(name: string): string {
  return [...name]
    .map((char) =>
      char <= '\x7f' ? char : [...Buffer.from(char)].map((byte) => `\\x${byte.toString(16)}`).join(''),
    )
    .join('');
}

async function recordedOf(host: string): Promise<readonly Recorded[]> {
  const recorder = recordHost(replayHost(join(hostsDir, host), () => capturedAt));
  await snapshotOf(recorder.read);
  // The collectors end in any order, and each name is drawn by its turn.
  const at = ({ place: { collector, key } }: Recorded) => `${collector}/${key}`;
  return [...recorder.recorded()].sort((one, other) => (at(one) < at(other) ? -1 : 1));
}

describe.each(hosts)('names put at every place of %s', (host) => {
  it.each([0, 1, 2, 3, 4, 5, 6])('do not occur in a scrambled capture (place %i of 7)', async (offset) => {
    const secrets: { name: string; instead: string; where: string }[] = [];
    let seed = offset;
    const spoil = (text: string, where: string): string =>
      putNames(text, offset, (instead) => {
        seed += 1;
        // A number among numbers is a value: a word that JSON has no quotes for, a parameter of a target.
        const isValue =
          /^(?:[\d.+-]|null$|true$|false$)/.test(instead) ||
          /^(?:devices\/table|pools\/|volumes\/|layers\/)/.test(where);
        const kinds = isValue ? chosenName : fc.oneof(chosenName, chosenNumber);
        const [name = ''] = fc.sample(kinds, { numRuns: 1, seed: seed * 7919 + host.length });
        secrets.push({ name, instead, where });
        return where.endsWith('bytes') ? inBytes(name) : name;
      });
    const spoilt = (await recordedOf(host)).map((one): Recorded => {
      const { place: at, result } = one;
      const form = seed % 2 === 0 ? 'text' : 'bytes';
      const where = `${at.collector}/${at.key} ${form}`;
      const key = /^(?:info|table|lvs|vgs|list|inspect|log|settings|stack|retries|default)/.test(at.key)
        ? at.key
        : spoil(at.key, where);
      if (!result.ok)
        return { place: { ...at, key }, result: { ...result, detail: spoil(result.detail, where) } };
      const { stdout, stderr } = result.output;
      const output = { ...result.output, stdout: spoil(stdout, where), stderr: spoil(stderr, where) };
      return { place: { ...at, key }, result: { ok: true, output } };
    });
    const { recorded, kept } = scrambleRecorded(spoilt, collectors, 'salt');
    const text = JSON.stringify({ recorded, kept });
    const leaked = secrets.filter(
      ({ name }) => text.includes(name) || text.includes(inBytes(name).replaceAll('\\', '\\\\')),
    );
    expect(leaked).toEqual([]);
  });
});

describe('a scrambled capture', () => {
  it('contains no name of the host, and no UUID', async () => {
    const { dir } = await scrambleCase('lab-healthy', 'three');
    const original = allText(join(hostsDir, 'lab-healthy'));
    for (const word of ['fast', 'home', 'scratch', 'upgrade', 'image', 'grow']) {
      expect(original).toContain(word);
      expect(allText(dir)).not.toMatch(new RegExp(`(?<![a-z])${word}(?![a-z])`));
    }
    expect(original).toContain('ykdlh5-Hquc');
    expect(allText(dir)).not.toMatch(/ykdlh5|Hquc|LMbB|LjL5x0/);
  });

  it('contains no name of a container, and of no image', async () => {
    const { dir } = await scrambleCase('docker-containers', 'three');
    for (const word of ['web', 'nginx', 'ci', 'runner', 'example', 'registry']) {
      expect(allText(join(hostsDir, 'docker-containers', 'containers'))).toContain(word);
      expect(allText(dir)).not.toMatch(new RegExp(`(?<![a-z])${word}(?![a-z])`));
    }
  });

  it('lists every word that it kept', async () => {
    const { dir, kept } = await scrambleCase('lab-docker-down', 'three');
    expect(kept).toEqual(expect.arrayContaining(['Docker', 'daemon', 'docker', 'thin']));
    // Replaced ones are random: nothing but the kept words and replaced ones is there.
    const { kept: others } = await scrambleCase('lab-docker-down', 'four');
    expect(others).toEqual(kept);
    expect(allText(dir)).toContain('Cannot connect to the Docker daemon');
  });

  const scrambleOne = (collector: string, key: string, stdout: string) => {
    const output = { stdout, stderr: '', exitCode: 0, takenAt: 0 };
    const { recorded } = scrambleRecorded(
      [{ place: { collector, key }, result: { ok: true, output } }],
      collectors,
      'salt',
    );
    const [one] = recorded;
    return one?.result.ok === true ? one.result.output.stdout : '';
  };

  it('holds of docker info and of the kernel log only what is about storage', () => {
    const log =
      '#monotonic 5\n6,1,1,-;usb 1-1: SerialNumber: 4711\n4,2,2,-;device-mapper: thin: 254:2: reached low water mark\n';
    expect(scrambleOne('kmsg', 'log', log)).toBe(
      '#monotonic 5\n4,2,2,-;device-mapper: thin: 254:2: reached low water mark\n',
    );
    expect(
      scrambleOne('docker', 'info', '{"Driver":"overlay2","Name":"db1.corp","HttpProxy":"http://u:p@x"}\n'),
    ).toBe('{"Driver":"overlay2"}\n');
  });

  it.each([
    ['lvm', 'lvs', '{"report": [{"lv": [{"vg_name":"orders", "lv_na'],
    ['lvm', 'lvs', '{"report": [{"lv": [{"valueOf":"orders", "orders":"valueOf"}]}]}'],
    ['kmsg', 'log', '3,1,5,-;XFS (dm-3): read-52:54:00:47:11:91 orders\n'],
    ['lvm', 'lvs', '  WARNING: Device /dev/mapper/orders-crypt not found by orders01.shop.example'],
    ['devices', 'info', 'orders: command not found\n'],
    ['devices', 'table', 'bash: line 1: /usr/local/orders/dmsetup: Permission denied\n'],
    ['docker', 'info', '{"Driver": "orders'],
    ['docker', 'info', '<html>proxy orders.shop.example</html>'],
    ['kmsg', 'log', 'orders systemd[1]: device-mapper: orders\n'],
    ['kmsg', 'log', '3,1,5,-;INFO: task orders-db:4711 blocked for more than 120 seconds.\n'],
    ['kmsg', 'log', '3,1,5,-;XFS (dm-3): Corruption of file /srv/orders/x\n'],
    ['dmeventd', 'dmeventd', '812 (orders) S 1 812\n'],
    ['filesystems', '/srv/orders', "stat: cannot read '/srv/orders'\n"],
    ['nothing-known', 'orders', 'orders\n'],
  ])('leaks nothing of an output of %s %s that is not what it should be: %j', (collector, key, stdout) => {
    expect(scrambleOne(collector, key, stdout)).not.toMatch(/orders|shop|4711|47:11:91/);
  });

  it('replaces the reason of a failure, too', () => {
    const place = { collector: 'docker', key: 'info' };
    const detail =
      'DOCKER_HOST is tcp://build7.shop.example:2375, but without the docker command only a Unix socket is supported';
    const { recorded } = scrambleRecorded(
      [{ place, result: { ok: false, reason: 'exited', detail } }],
      collectors,
      'salt',
    );
    expect(JSON.stringify(recorded)).not.toMatch(/build7|shop|example/);
    expect(JSON.stringify(recorded)).toContain(
      'but without the docker command only a Unix socket is supported',
    );
  });
});

function allText(dir: string): string {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => `${name}\n${readFileSync(join(parentPath, name), 'utf8')}`)
    .join('\n');
}

describe('a scrambler', () => {
  const { name, text, values } = createScrambler(
    collectors.flatMap(({ scrambling }) => scrambling?.vocabulary ?? []),
    'salt',
  );

  it('keeps the structure of a name', () => {
    expect(name('vg--x-orders-tpool')).toMatch(/^vg--[a-z]-[a-z]{6}-tpool$/);
    expect(name('with\\x20space')).toMatch(/^[a-z]{4}\\x20space$/);
    expect(name('docker-253:1-1048577-pool')).toMatch(/^docker-253:1-\d{7}-pool$/);
    expect(name('docker-253:1-1048577-pool')).not.toContain('1048577');
    expect(name('/dev/sda2')).toBe('/dev/sda2');
  });

  it('gives one word the same pseudonym wherever it stands', () => {
    const word = name('orders');
    expect(word).toMatch(/^(?!orders)[a-z]{6}$/);
    expect(text('/dev/vg/orders: "orders" [orders]')).toBe(`/dev/vg/${word}: "${word}" [${word}]`);
    expect(name('vg-orders')).toBe(`vg-${word}`);
    expect(name('20240611')).toBe(text('20240611'));
  });

  it('takes bytes that are escaped for the letters that they are', () => {
    const plain = name('über');
    expect(plain).not.toContain('ü');
    expect(name('\\xc3\\xbcber')).toBe(
      [...Buffer.from(plain)]
        .map((byte) => (byte < 128 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`))
        .join(''),
    );
  });

  it('keeps numbers among values, and replaces long ones in messages', () => {
    expect(values('8192 1015021568')).toBe('8192 1015021568');
    expect(text('error -28 after 10000 ms at 253:12 of dm-1234')).toBe(
      'error -28 after 10000 ms at 253:12 of dm-1234',
    );
    expect(text('sector 1015021568')).toMatch(/^sector (?!1015021568)\d{10}$/);
    expect(text('012-345-678')).not.toMatch(/012|345|678/);
    expect(text('10.1.2.3')).not.toBe('10.1.2.3');
  });

  it('knows an LVM UUID with hyphens and without', () => {
    const vg = 'ykdlh5-Hquc-LMbB-LY19-9Gys-Fkl9-tWfRyK';
    const bare = vg.replaceAll('-', '');
    const other = name(vg);
    expect(other).toMatch(/^\w{6}(?:-\w{4}){5}-\w{6}$/);
    expect(other).not.toBe(vg);
    expect(name(`LVM-${bare}${bare}-tpool`)).toBe(`LVM-${other.replaceAll('-', '').repeat(2)}-tpool`);
  });

  it('never makes one name of two', () => {
    const words = Array.from({ length: 400 }, (_, at) => `${String.fromCharCode(97 + (at % 26))}${at}`);
    expect(new Set(words.map(name)).size).toBe(words.length);
    expect(new Set([...'abcdefghijklmnopqrstuvwxyz'].map(name)).size).toBe(26);
  });
});
