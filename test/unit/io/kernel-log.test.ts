import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseKernelLog } from '../../../src/collectors/kernel/log.ts';
import { Denied, Unavailable } from '../../../src/collectors/shared/errors.ts';
import { KernelLog } from '../../../src/io/kernel-log.ts';

const monotonicUs = () => 5_000_000.7;
const header = '#monotonic 5000000\n';
/** After a reading that left nothing unread. */
const next = `${header}#since 5000000\n`;

function freshPath(name: string): string {
  return join(mkdtempSync(join(tmpdir(), 'kernel-log-')), name);
}

/** A pipe that is held open: like /dev/kmsg it says EAGAIN where there is nothing more. */
function makePipe(): { path: string; write: (text: string) => void; close: () => void } {
  const path = freshPath('pipe');
  execFileSync('mkfifo', [path]);
  const file = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  return { path, write: (text) => writeSync(file, text), close: () => closeSync(file) };
}

describe('KernelLog', () => {
  it('returns what is new at each read, and does not wait for more', () => {
    const pipe = makePipe();
    const log = new KernelLog(pipe.path, { monotonicUs });
    pipe.write('6,1,5,-;one\n');
    expect(log.read()).toBe(`${header}6,1,5,-;one\n`);
    expect(log.read()).toBe(next);
    pipe.write('6,2,6,-;two\n');
    expect(log.read()).toBe(`${next}6,2,6,-;two\n`);
    log.close();
    pipe.close();
  });

  it('reports overwritten records by the gap in their numbers, and none before the first read', () => {
    const pipe = makePipe();
    const log = new KernelLog(pipe.path, { monotonicUs });
    pipe.write('6,100,5,-;one\n');
    expect(log.read()).not.toContain('#lost');
    pipe.write('6,104,6,-;five\n');
    expect(log.read()).toBe(`${next}#lost 3\n6,104,6,-;five\n`);
    log.close();
    pipe.close();
  });

  it('reports since when all records are there, unless the read before left some, or the log was opened anew', () => {
    const path = freshPath('log');
    writeFileSync(path, '');
    let left = 0;
    const readRecord = (_file: number, buffer: Buffer): number => {
      left -= 1;
      return left < 0 ? 0 : buffer.write('6,1,5,-;one\n');
    };
    let clock = 0;
    const tick = (): number => {
      clock += 10;
      return clock;
    };
    const log = new KernelLog(path, { monotonicUs: tick, maxRecords: 2, readRecord });
    const since = (records: number): string | undefined => {
      left = records;
      return /^#since (?<us>.*)$/m.exec(log.read())?.groups?.['us'];
    };
    expect(since(0)).toBeUndefined();
    expect(since(1)).toBe('10');
    expect(since(3)).toBe('20');
    expect(since(1)).toBeUndefined();
    expect(since(0)).toBe('40');
    log.close();
    expect(since(0)).toBeUndefined();
    log.close();
  });

  it('goes on after the kernel overwrote what was to be read next', () => {
    const path = freshPath('log');
    writeFileSync(path, '');
    const steps = ['6,1,5,-;one\n', 'EPIPE', '6,9,6,-;nine\n', 'EAGAIN'];
    const readRecord = (_file: number, buffer: Buffer): number => {
      const step = steps.shift() ?? 'EAGAIN';
      if (!step.endsWith('\n')) throw Object.assign(new Error(step), { code: step });
      return buffer.write(step);
    };
    const log = new KernelLog(path, { monotonicUs, readRecord });
    expect(log.read()).toBe(`${header}#lost 7\n6,1,5,-;one\n6,9,6,-;nine\n`);
    log.close();
  });

  it('leaves what is beyond its bounds to the next read', () => {
    const path = freshPath('log');
    const record = `6,1,5,-;${'x'.repeat(8183)}\n`;
    expect(record).toHaveLength(8192);
    writeFileSync(path, record.repeat(3));
    const byCount = new KernelLog(path, { monotonicUs, maxRecords: 2 });
    const byBytes = new KernelLog(path, { monotonicUs, maxBytes: 8193 });
    for (const log of [byCount, byBytes]) {
      expect(log.read()).toBe(header + record.repeat(2));
      expect(log.read()).toBe(header + record);
      log.close();
    }
  });

  it('begins anew after it was closed', () => {
    const path = freshPath('log');
    writeFileSync(path, '6,7,5,-;x\n');
    const log = new KernelLog(path, { monotonicUs });
    const first = log.read();
    log.close();
    expect(log.read()).toBe(first);
    log.close();
  });

  it('reports that there is no log', () => {
    expect(() => new KernelLog(freshPath('nothing')).read()).toThrow(Unavailable);
  });

  it('is denied where it has no right', () => {
    const path = freshPath('log');
    writeFileSync(path, '');
    chmodSync(path, 0o000);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(() => new KernelLog(path).read()).toThrow(Denied);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('passes on what it cannot explain', () => {
    expect(() => new KernelLog(tmpdir()).read()).toThrow(/EISDIR/);
  });

  it('reads the kernel of this host, where it may', () => {
    const path = '/dev/kmsg';
    const log = new KernelLog(path);
    try {
      const { records, nowUs = 0 } = parseKernelLog(log.read());
      for (const { us } of records) expect(us).toBeLessThanOrEqual(nowUs + 60_000_000);
      expect(parseKernelLog(log.read()).records.length).toBeLessThan(1000);
    } catch (error) {
      // A container without the device, or without the right to it.
      expect(existsSync(path) ? Denied : Unavailable).toBe((error as Error).constructor);
    } finally {
      log.close();
    }
  });
});
