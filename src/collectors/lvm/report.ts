import { Denied, Exited, ParseError, Unsupported } from '../shared/errors.ts';
import { requireWholeLines } from '../shared/lines.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import { readJsonRows } from './json-report.ts';
import type { ReportRow } from './report-row.ts';

/** The parts of an output that a report needs. */
export interface ReportText {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * Separates the columns of a text report. No value contains it: LVM names are `A-Za-z0-9+_.-` (lvm2
 * lib/misc/lvm-string.c), and udev and libdm write any odd byte of a device's name as `\x7c`.
 */
export const columnSeparator = '|';

/** Rows of `--reportformat json` (every value a string) and json_std (numbers and null). A `log` section is ignored. */
export function parseJsonReport(text: ReportText, kind: 'lv' | 'vg'): Partly<ReportRow> {
  refuseUnknownWords(text);
  return requireRows(text, () => readJsonRows(text.stdout, kind));
}

/** Rows of `--noheadings --separator '|' -o <fields>`. */
export function parseTextReport(text: ReportText, fields: readonly string[]): Partly<ReportRow> {
  refuseUnknownWords(text);
  return requireRows(text, () => {
    requireWholeLines(text.stdout);
    // LVM talks on stdout too; what it says has no column.
    const lines = reportLines(text.stdout).filter((line) => line.includes(columnSeparator));
    return readEach(lines, (line) => splitColumns(line, fields));
  });
}

/**
 * LVM exits with 5 if any VG failed, and still prints the others (lvm2 tools/errors.h, ECMD_FAILED): rows are then valid
 * output, while an error without rows is a failure.
 */
export function requireRows(text: ReportText, read: () => Partly<ReportRow>): Partly<ReportRow> {
  const rows = rowsIn(text, read);
  if (rows.records.length > 0) return rows;
  if (/Permission denied|non-root user/.test(text.stderr)) throw new Denied('LVM may be asked by root only');
  if (text.exitCode !== 0) throw new Exited(text.exitCode, text.stderr);
  return rows;
}

const failed = 5;

const noRows: Partly<ReportRow> = { records: [], unreadable: [] };

function rowsIn({ exitCode }: ReportText, read: () => Partly<ReportRow>): Partly<ReportRow> {
  if (exitCode === 0) return read();
  return exitCode === failed ? rowsDespiteError(read) : noRows;
}

/** For truncated or empty output the exit code is the better error message. */
function rowsDespiteError(read: () => Partly<ReportRow>): Partly<ReportRow> {
  try {
    return read();
  } catch (error) {
    if (error instanceof ParseError) return noRows;
    throw error;
  }
}

/**
 * An unknown field prints help, `Unrecognised field: X` at its end, and a well-formed empty report (lvm2 tools/reporter.c,
 * seen with 2.03.16). An unknown `--reportformat` is an invalid command line, exit code 3.
 */
function refuseUnknownWords({ stderr, exitCode }: ReportText): void {
  const field = /Unrecognised field: (?<name>\S+)/.exec(stderr)?.groups?.['name'];
  if (field !== undefined) throw new Unsupported(`this LVM has no field ${field}`);
  if (exitCode === 3 && stderr.includes('reportformat'))
    throw new Unsupported('this LVM has no such report format');
}

/** Old releases print a message on stdout if there is nothing. */
export function reportLines(stdout: string): readonly string[] {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  return lines.filter((line) => line.trim() !== 'No volume groups found');
}

function splitColumns(line: string, fields: readonly string[]): ReportRow {
  const values = line.split(columnSeparator).map((value) => value.trim());
  if (values.length !== fields.length)
    throw new ParseError(`${fields.length} columns separated by ${columnSeparator}`, line);
  return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '']));
}
