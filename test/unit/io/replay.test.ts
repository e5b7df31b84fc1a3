import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Input } from '../../../src/collectors/collector.ts';
import { replayHost } from '../../../src/io/replay.ts';
import { hostsDir } from '../../support/replayed.ts';

const kernelLog: Input = { kernelLog: '/dev/kmsg' };
const bounds = { timeoutMs: 1000 };

describe('replayHost', () => {
  it('gives the records of a kernel log once, as the device does', async () => {
    const read = replayHost(join(hostsDir, 'dmesg-xfs-hang'), () => 5);
    const place = { collector: 'kmsg', key: 'log' };
    const first = await read(kernelLog, place, bounds).result;
    expect(first.ok && first.output.stdout).toContain('blocked for more than 120 seconds');
    const second = await read(kernelLog, place, bounds).result;
    expect(second).toEqual({ ok: true, output: { stdout: '', stderr: '', exitCode: 0, takenAt: 5 } });
  });

  it('has an empty output for a daemon without a process, also where that was captured as a failure', async () => {
    const read = replayHost(join(hostsDir, 'field-stratis1383'), () => 5);
    const pidFile: Input = { process: '/run/dmeventd.pid' };
    const place = { collector: 'dmeventd', key: 'dmeventd' };
    expect(await read(pidFile, place, bounds).result).toMatchObject({ ok: true, output: { stdout: '' } });
    expect(await read(pidFile, { ...place, key: 'other' }, bounds).result).toMatchObject({ ok: false });
  });

  it('does not take a log that was not captured for a quiet one', async () => {
    const read = replayHost(join(hostsDir, 'dmesg-xfs-hang'), () => 5);
    const place = { collector: 'kmsg', key: 'other' };
    for (let time = 0; time < 2; time += 1)
      expect(await read(kernelLog, place, bounds).result).toMatchObject({
        ok: false,
        reason: 'not-captured',
      });
  });
});
