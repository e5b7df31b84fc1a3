import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dashboards } from '../../../src/cli/dashboards.ts';
import { runCommand } from './run-command.ts';

const project = join(import.meta.dirname, '../../..');
const names = ['thinpool-exporter.json', 'thinpool-fleet.json', 'thinpool-pool.json'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dashboards-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (place: string) => runCommand(dashboards, ['dashboards', place]);
const read = (place: string) => readFileSync(place, 'utf8');

it('writes the dashboards, into a directory that it makes', async () => {
  const place = join(folder, 'new/one');
  const { code, stdout } = await write(place);
  expect(code).toBe(0);
  expect(stdout).toBe(names.map((name) => `${join(place, name)}\n`).join(''));
  for (const name of names) expect(read(join(place, name))).toBe(read(join(project, 'dashboards', name)));
  expect(readdirSync(place).filter((name) => name.endsWith('.json'))).toEqual(names);
});

it('replaces what an older version of it wrote', async () => {
  await write(folder);
  const list = join(folder, 'thinpool-dashboards.sha256');
  const older = '{"older":true}\n';
  const hash = createHash('sha256').update(older).digest('hex');
  writeFileSync(join(folder, 'thinpool-pool.json'), older);
  writeFileSync(list, read(list).replace(/^\w+ {2}thinpool-pool\.json$/m, `${hash}  thinpool-pool.json`));
  expect((await write(folder)).code).toBe(0);
  expect(read(join(folder, 'thinpool-pool.json'))).toBe(read(join(project, 'dashboards/thinpool-pool.json')));
});

it.each([
  ['that it did not write', false],
  ['that was changed since', true],
])('overwrites no file %s, and then writes none', async (_, before) => {
  if (before) await write(folder);
  const own = join(folder, 'thinpool-pool.json');
  writeFileSync(own, '{"mine":true}\n');
  const { code, stdout, stderr } = await write(folder);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(`${own} was not written by thinpool-exporter, or was changed since`);
  expect(read(own)).toBe('{"mine":true}\n');
  if (!before) expect(readdirSync(folder)).toEqual(['thinpool-pool.json']);
});

it('says what is wrong with a directory that cannot be made', async () => {
  writeFileSync(join(folder, 'file'), '');
  const { code, stderr } = await write(join(folder, 'file/below'));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^dashboards: not a directory: .*\n$/);
});
