import { describe, expect, test } from 'vitest';
import { parseJsonReport, parseTextReport } from '../../../../src/collectors/lvm/report.ts';
import { Denied, Exited, ParseError, Unsupported } from '../../../../src/collectors/shared/errors.ts';

const output = (stdout: string, exitCode = 0, stderr = '') => ({ stdout, stderr, exitCode });
const json = (text: string, exitCode = 0, stderr = '') =>
  parseJsonReport(output(text, exitCode, stderr), 'lv').records;
const none = '{"report":[{"lv":[]}]}';
const help = `  Logical Volume Fields\n${'    lv_all  - All fields\n'.repeat(200)}\n  Unrecognised field: lv_check_needed\n`;

describe('a JSON report', () => {
  test('has strings, and in json_std numbers and null', () => {
    expect(
      json('{"report":[{"lv":[{"lv_name":"a","lv_size":"4096","pool_lv":""}]}],"log":[{"log_type":"x"}]}'),
    ).toEqual([{ lv_name: 'a', lv_size: '4096', pool_lv: '' }]);
    expect(json('{"report":[{"lv":[{"lv_name":"a","lv_size":4096,"pool_lv":null}]}]}')).toEqual([
      { lv_name: 'a', lv_size: '4096', pool_lv: '' },
    ]);
  });

  test('with an empty list says that there is nothing', () => {
    expect(json(none)).toEqual([]);
  });

  test('without a list says nothing at all', () => {
    expect(() => json('  {\n      "report": [\n      ]\n  }\n')).toThrow(
      'expected a report with a list "lv"',
    );
    expect(() => json('{"report":[{"vg":[]}]}')).toThrow(ParseError);
    expect(() => json('{}')).toThrow(ParseError);
    expect(() => json('')).toThrow(ParseError);
  });

  test.each(['{"report":[{"lv":[7]}]}', '{"report":[{"lv":[{"lv_name":["a"]}]}]}', '{"report":[{"lv":'])(
    'refuses %s',
    (text) => {
      expect(() => json(text)).toThrow(ParseError);
    },
  );

  test('counts when some VGs made trouble, as long as there is a row', () => {
    const rows = '{"report":[{"lv":[{"lv_name":"a"}]}]}';
    expect(json(rows, 5, '  Volume group "b" not found\n')).toHaveLength(1);
  });

  test('is a failure with an error and no row', () => {
    const exited = '  Volume group "b" not found\n  Cannot process volume group b\n';
    expect(() => json(none, 5, exited)).toThrow(/exit code 5: .*Cannot process volume group b/);
    expect(() => json('{"report":[]}', 5)).toThrow(Exited);
    expect(() => json('', 139)).toThrow(Exited);
  });

  test('of a killed LVM is a failure, whatever it had printed', () => {
    expect(() => json('{"report":[{"lv":[{"lv_name":"a"}]}]}', 137)).toThrow(Exited);
  });

  test('is denied to all but root', () => {
    const stderr =
      '  WARNING: Running as a non-root user. Functionality may be unavailable.\n' +
      '  /run/lock/lvm/P_global:aux: open failed: Permission denied\n';
    expect(() => json(none, 5, stderr)).toThrow(Denied);
    expect(() => json(none, 0, stderr)).toThrow(Denied);
  });
});

describe('what LVM says on stdout beside its report', () => {
  const pretty = (rows: readonly string[], chat: string) =>
    `  {\n${chat}      "report": [\n${chat}          {\n              "lv": [\n${rows.join(`,\n${chat}`)}\n              ]\n          }\n      ]\n${chat}  }\n`;
  const rows = ['  {"lv_name":"a", "lv_size":"1"}', '  {"lv_name":"b", "lv_size":"2"}'];

  test.each([
    '  Consider pruning pve VG archive with more then 6 MiB in 8206 files (see archiving settings in lvm.conf).\n',
    'Retrying metadata scan.\n',
    '  WARNING: Device /dev/sdb not initialized in udev database even after waiting 10000000 microseconds.\n',
    '  /dev/sdc: open failed: No medium found\n',
    '  3 logical volume(s) in volume group "vg" now active\n',
  ])('is skipped: %s', (report) => {
    expect(parseJsonReport(output(pretty(rows, report)), 'lv')).toEqual({
      records: [
        { lv_name: 'a', lv_size: '1' },
        { lv_name: 'b', lv_size: '2' },
      ],
      unreadable: [],
    });
    expect(parseTextReport(output(`${report}  a|1\n${report}`), ['lv_name', 'lv_size'])).toEqual({
      records: [{ lv_name: 'a', lv_size: '1' }],
      unreadable: [],
    });
  });

  test.each([0, 1, 2])('a row that is not JSON costs itself only, at place %i of three', (at) => {
    const torn = rows.toSpliced(at, 0, '  {"lv_name":"c"c", "lv_size":"3"}');
    const { records, unreadable } = parseJsonReport(output(pretty(torn, '')), 'lv');
    expect(records.map(({ lv_name }) => lv_name)).toEqual(['a', 'b']);
    expect(unreadable).toEqual([expect.stringContaining('expected a row of JSON, got')]);
  });

  test('a row of other columns costs itself only', () => {
    const { records, unreadable } = parseTextReport(output('  a|1\n  b|2|3\n'), ['lv_name', 'lv_size']);
    expect(records).toHaveLength(1);
    expect(unreadable).toEqual([expect.stringContaining('expected 2 columns')]);
  });

  test('a report that stops is refused all the same', () => {
    const whole = pretty(rows, 'Retrying metadata scan.\n');
    for (const end of [1, 2, 3].map((lines) =>
      whole
        .split('\n')
        .slice(0, -1 - lines)
        .join('\n'),
    ))
      expect(() => json(end)).toThrow(ParseError);
  });
});

describe('an LVM too old', () => {
  test('does not know a field, and prints a valid empty report', () => {
    expect(() => json('{"report":[]}', 5, help)).toThrow(Unsupported);
    expect(() => json('{"report":[]}', 5, help)).toThrow('this LVM has no field lv_check_needed');
    expect(() => parseTextReport(output('', 5, help), ['lv_name'])).toThrow(Unsupported);
  });

  test.each([
    '  Invalid argument for --reportformat: json\n  Error during parsing of command line.\n',
    "lvs: unrecognized option '--reportformat'\n  Error during parsing of command line.\n",
  ])('does not know the format: %s', (stderr) => {
    expect(() => json('', 3, stderr)).toThrow(Unsupported);
  });

  test('is not every wrong command line', () => {
    expect(() => json('', 3, '  Volume group name "a;b" has invalid characters.\n')).toThrow(Exited);
  });
});

describe('a text report', () => {
  const fields = ['vg_name', 'lv_name', 'data_percent', 'seg_monitor'];
  const text = (stdout: string, exitCode = 0) => parseTextReport(output(stdout, exitCode), fields).records;

  test('has columns, blank ones and ones of two words too', () => {
    expect(text('  vg|[a_tdata]||\n  vg|a|12.50|not monitored\n')).toEqual([
      { vg_name: 'vg', lv_name: '[a_tdata]', data_percent: '', seg_monitor: '' },
      { vg_name: 'vg', lv_name: 'a', data_percent: '12.50', seg_monitor: 'not monitored' },
    ]);
  });

  test('may be empty', () => {
    expect(text('')).toEqual([]);
    expect(text('  No volume groups found\n')).toEqual([]);
  });

  test('that stops within a line is refused', () => {
    expect(() => text('  vg|a|12.50|monitored')).toThrow('a line feed at the end');
  });

  test('with other columns than requested is refused, and the line named', () => {
    expect(() => text('  vg|a|12.50\n')).toThrow('expected 4 columns separated by |, got "  vg|a|12.50"');
    expect(() => text('  vg|a|12.50|monitored|x\n')).toThrow(ParseError);
    expect(() => text('  vg|a|12.50\n', 5)).toThrow(Exited);
  });
});
