import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runbooks } from '../../../src/cli/runbooks.ts';
import { runCommand } from './run-command.ts';

const file = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../docs/runbooks', `${name}.md`), 'utf8');

it.each([
  [['ThinPoolFull'], 'ThinPoolFull'],
  [['extend'], 'extend'],
  [[], 'README'],
])('prints a runbook, or the list: %j', async (operands, name) => {
  expect(await runCommand(runbooks, ['runbooks', ...operands])).toEqual({
    code: 0,
    stdout: file(name).replaceAll(/^<!--.*\n/gm, ''),
    stderr: '',
  });
});

it.each(['ThinPoolFul', 'constructor'])('knows what it does not have: %s', async (name) => {
  const { code, stdout, stderr } = await runCommand(runbooks, ['runbooks', name]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`${name}: no such runbook`);
  if (name === 'ThinPoolFul') expect(stderr).toContain('(did you mean ThinPoolFull?)');
});
