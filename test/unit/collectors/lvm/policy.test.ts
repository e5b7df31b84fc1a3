import { describe, expect, test } from 'vitest';
import { parseFullPolicy, parseMergedPolicy } from '../../../../src/collectors/lvm/policy.ts';
import { Denied, Exited, ParseError, Unsupported } from '../../../../src/collectors/shared/errors.ts';

const output = (stdout: string, exitCode = 0, stderr = '') => ({ stdout, stderr, exitCode });
const complete = 'thin_pool_autoextend_threshold=80\nthin_pool_autoextend_percent=20\nmonitoring=1\n';
const missing =
  '  /etc/lvm/profile/gone.profile: stat failed: No such file or directory\n  Failed to apply metadata profile gone.\n';

describe('lvmconfig --type full', () => {
  test('prints every setting', () => {
    expect(parseFullPolicy(output(complete), undefined)).toEqual({
      thresholdPercent: 80,
      stepPercent: 20,
      monitoring: true,
    });
    expect(parseFullPolicy(output(complete.replace('ing=1', 'ing=0')), 'docker')).toEqual({
      profile: 'docker',
      thresholdPercent: 80,
      stepPercent: 20,
      monitoring: false,
    });
  });

  test('shows a step of 0, which LVM takes and then fails by', () => {
    expect(parseFullPolicy(output(complete.replace('percent=20', 'percent=0')), undefined)).toMatchObject({
      stepPercent: 0,
    });
  });

  test.each([
    ['threshold=80', 'threshold=101'],
    ['threshold=80', 'threshold="80"'],
    ['threshold=80', 'threshold=-1'],
    ['percent=20', 'percent=20%'],
    ['monitoring=1', 'monitoring=2'],
    ['monitoring=1\n', ''],
  ])('%s replaced by %j is refused', (from, to) => {
    expect(() => parseFullPolicy(output(complete.replace(from, to)), undefined)).toThrow(ParseError);
  });

  test('fails for a profile without a file, where LVM goes on with lvm.conf', () => {
    const read = () => parseFullPolicy(output('', 5, missing), 'gone');
    expect(read).toThrow(Exited);
    expect(read).toThrow('metadata profile gone cannot be used, LVM extends by lvm.conf instead: /etc/lvm');
  });

  test.each([2, 3])('is unknown to older releases, exit code %i', (exitCode) => {
    const stderr = "  No such command.  Try 'lvm help'.\n";
    expect(() => parseFullPolicy(output('', exitCode, stderr), undefined)).toThrow(Unsupported);
  });

  test('other errors', () => {
    expect(() => parseFullPolicy(output('', 5, '  Parse error at byte 50\n'), undefined)).toThrow(Exited);
    const denied = '  /etc/lvm/lvm.conf: open failed: Permission denied\n';
    expect(() => parseFullPolicy(output('', 5, denied), undefined)).toThrow(Denied);
  });
});

describe('lvm dumpconfig --mergedconfig', () => {
  const unset = (key: string) => `  Configuration node activation/${key} not found\n`;

  test('prints what is set, and names what is not: that is as built in', () => {
    const stderr = unset('thin_pool_autoextend_percent') + unset('monitoring');
    expect(parseMergedPolicy(output('thin_pool_autoextend_threshold=70\n', 5, stderr), undefined)).toEqual({
      thresholdPercent: 70,
      stepPercent: 20,
      monitoring: true,
    });
    expect(parseMergedPolicy(output(complete), undefined)).toMatchObject({ thresholdPercent: 80 });
  });

  test('does not guess what it neither printed nor named', () => {
    const stderr = unset('monitoring');
    expect(() => parseMergedPolicy(output('', 5, stderr), undefined)).toThrow(ParseError);
    expect(() => parseMergedPolicy(output('', 5), undefined)).toThrow(Exited);
  });

  test('fails for a profile without a file', () => {
    expect(() => parseMergedPolicy(output('', 5, missing), 'gone')).toThrow('metadata profile gone');
  });

  test('is unknown to very old releases', () => {
    expect(() => parseMergedPolicy(output('', 3, 'unrecognized option'), undefined)).toThrow(Unsupported);
  });
});
