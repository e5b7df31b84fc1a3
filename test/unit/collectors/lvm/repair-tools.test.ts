import { expect, it } from 'vitest';
import {
  parseRepairTools,
  readRepairSettings,
  toolsToFind,
} from '../../../../src/collectors/lvm/repair-tools.ts';

const check = '/usr/sbin/thin_check';
const repair = '/usr/sbin/thin_repair';

it('reads the settings as lvmconfig prints them', () => {
  const settings = new Map([
    ['thin_check_executable', `"${check}"`],
    ['thin_repair_executable', '""'],
    ['thin_check_options', '["-q","--clear-needs-check-flag"]'],
  ]);
  const options = ['-q', '--clear-needs-check-flag'];
  expect(readRepairSettings(settings)).toEqual({
    checkExecutable: check,
    repairExecutable: '',
    checkOptions: options,
  });
  expect(readRepairSettings(new Map([['thin_check_options', `"${options.join(' ')}"`]]))).toEqual({
    checkOptions: options,
  });
  expect(readRepairSettings(new Map([['monitoring', '1']]))).toBeUndefined();
});

it('looks for what LVM would run, by absolute paths alone', () => {
  expect(toolsToFind(undefined)).toEqual([]);
  expect(toolsToFind({ checkExecutable: '', repairExecutable: 'thin_repair' })).toEqual([]);
  expect(toolsToFind({ checkExecutable: check, repairExecutable: repair }).slice(0, 2)).toEqual([
    check,
    repair,
  ]);
});

const output = (found: readonly string[], stderr = '') => ({
  stdout: found.map((path) => `${path}\n`).join(''),
  stderr,
  exitCode: stderr === '' ? 0 : 1,
  takenAt: 0,
});

it('knows what is missing, where the host can be seen', () => {
  const daemon = '/usr/sbin/dmeventd';
  expect(parseRepairTools(output([check, daemon]), [check, daemon])).toEqual([{ missing: [] }]);
  const stderr = `stat: cannot statx '${repair}': No such file or directory\n`;
  expect(parseRepairTools(output([check, daemon], stderr), [check, repair, daemon])).toEqual([
    { missing: [repair] },
  ]);
});

it('knows nothing in a container, which has no dmeventd', () => {
  const stderr = `stat: cannot statx '${check}': No such file or directory\n`;
  expect(parseRepairTools(output([], stderr), [check, '/sbin/dmeventd'])).toEqual([]);
});

it('fails where a path cannot be reached', () => {
  const stderr = `stat: cannot statx '${check}': Permission denied\n`;
  expect(() => parseRepairTools(output([], stderr), [check])).toThrow('Permission denied');
});
