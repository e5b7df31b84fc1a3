import { Denied, Exited, ParseError, Unsupported } from '../shared/errors.ts';
import { requireWholeLines } from '../shared/lines.ts';

/** One row of a report, by field name. Blank: unknown to LVM, or not applicable. */
export type ReportRow = Readonly<Record<string, string>>;

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
export function parseJsonReport(text: ReportText, kind: 'lv' | 'vg'): readonly ReportRow[] {
  refuseUnknownWords(text);
  return requireRows(text, () => jsonRows(text.stdout, kind));
}

/** Rows of `--noheadings --separator '|' -o <fields>`. */
export function parseTextReport(text: ReportText, fields: readonly string[]): readonly ReportRow[] {
  refuseUnknownWords(text);
  return requireRows(text, () => {
    requireWholeLines(text.stdout);
    return reportLines(text.stdout).map((line) => splitColumns(line, fields));
  });
}

/**
 * LVM exits with 5 if any VG failed, and still prints the others (lvm2 tools/errors.h, ECMD_FAILED): rows are then valid
 * output, while an error without rows is a failure.
 */
export function requireRows(text: ReportText, read: () => readonly ReportRow[]): readonly ReportRow[] {
  const rows = rowsIn(text, read);
  if (rows.length > 0) return rows;
  if (/Permission denied|non-root user/.test(text.stderr)) throw new Denied('LVM may be asked by root only');
  if (text.exitCode !== 0) throw new Exited(text.exitCode, text.stderr);
  return rows;
}

const failed = 5;

function rowsIn({ exitCode }: ReportText, read: () => readonly ReportRow[]): readonly ReportRow[] {
  if (exitCode === 0) return read();
  return exitCode === failed ? rowsDespiteError(read) : [];
}

/** For truncated or empty output the exit code is the better error message. */
function rowsDespiteError(read: () => readonly ReportRow[]): readonly ReportRow[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof ParseError) return [];
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

function jsonRows(stdout: string, kind: 'lv' | 'vg'): readonly ReportRow[] {
  const report = reportOf(stdout);
  if (report.length === 0) throw new ParseError(`a report with a list "${kind}"`, stdout);
  return report.flatMap((section) => {
    const rows = isRecord(section) ? section[kind] : undefined;
    if (!Array.isArray(rows)) throw new ParseError(`a report with a list "${kind}"`, stdout);
    return rows.map(toRow);
  });
}

function reportOf(stdout: string): readonly unknown[] {
  const document = parseJson(stdout);
  const report = isRecord(document) ? document['report'] : undefined;
  if (!Array.isArray(report)) throw new ParseError('a JSON report of LVM', stdout);
  return report;
}

function parseJson(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new ParseError('a JSON report of LVM', stdout);
  }
}

function toRow(row: unknown): ReportRow {
  if (!isRecord(row)) throw new ParseError('a row of fields', JSON.stringify(row));
  const fields = Object.entries(row).map(([name, value]) => [name, toText(value, row)] as const);
  return Object.fromEntries(fields);
}

function toText(value: unknown, row: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  if (value === null) return '';
  throw new ParseError('strings, numbers and null', JSON.stringify(row));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
