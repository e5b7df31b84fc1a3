import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStateFile } from '../../../src/io/state-file.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'thinpool-state-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

it('has what was written last, in a directory that it makes', async () => {
  const file = openStateFile(join(dir, 'below', 'state.json'));
  expect(await file.read()).toBeUndefined();
  await file.write('one');
  await file.write('two');
  expect(await file.read()).toBe('two');
});

it('names what is wrong', async () => {
  await writeFile(join(dir, 'plain'), '');
  const file = openStateFile(join(dir, 'plain', 'state.json'));
  expect(await file.read()).toBeUndefined();
  await expect(file.write('one')).rejects.toThrow('is not a directory');
});

it('is read up to a size', async () => {
  const path = join(dir, 'large');
  await writeFile(path, '');
  await truncate(path, 17 << 20);
  await expect(openStateFile(path).read()).rejects.toThrow('larger');
});
