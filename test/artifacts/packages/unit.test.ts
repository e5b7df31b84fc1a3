import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../support/needs.ts';
import { tool } from '../../support/tools.ts';

const file = path.resolve(import.meta.dirname, '../../../deploy/packages/systemd/thinpool-exporter.service');
const text = readFileSync(file, 'utf8');
/** What systemd-analyze may make of what it allows, of 10. */
const mostExposed = 2.5;

function analyze(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(tool('systemd-analyze'), words, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describeWith('systemd-analyze')('the systemd unit', () => {
  it(`is exposed ${mostExposed} at most`, () => {
    const threshold = `--threshold=${mostExposed * 10}`;
    const { status, output } = analyze('security', '--offline=yes', '--no-pager', threshold, file);
    const exposure = Number(/Overall exposure level for .*: (?<level>[\d.]+)/.exec(output)?.[1]);
    console.log(`systemd-analyze security: ${exposure}`);
    expect(exposure).toBeLessThanOrEqual(mostExposed);
    expect(status).toBe(0);
  });

  it('is what systemd takes for one', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'unit-'));
    try {
      // verify wants the program to be there.
      const copy = path.join(folder, 'thinpool-exporter.service');
      writeFileSync(copy, text.replace('/usr/bin/thinpool-exporter', '/bin/true'));
      expect(analyze('verify', '--man=no', copy)).toEqual({ status: 0, output: '' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
