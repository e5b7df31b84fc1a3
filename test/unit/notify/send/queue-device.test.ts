import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deviceOf } from '../../../../src/notify/send/queue-device.ts';

it('is that of the directory, or of the first one above it that is there', async () => {
  const expected = execFileSync('stat', ['-c', '%Hd:%Ld', tmpdir()], { encoding: 'utf8' }).trim();
  expect(await deviceOf(join(tmpdir(), 'notify.json'))).toBe(expected);
  expect(await deviceOf(join(tmpdir(), 'not/there/notify.json'))).toBe(expected);
});

it('is not known below what is no directory', async () => {
  expect(await deviceOf('/etc/passwd/x/notify.json')).toBeUndefined();
});
