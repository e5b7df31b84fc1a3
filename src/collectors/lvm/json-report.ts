import { ParseError } from '../shared/errors.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import type { ReportRow } from './report-row.ts';

type Kind = 'lv' | 'vg';

/**
 * The rows of a report. LVM prints what it has to say ("Consider pruning …", "Retrying metadata scan.", warnings) to
 * stdout as well, as lines between those of its JSON (lvm2 lib/log/log.c, LOG_PRINT); log/silent would keep it quiet, but
 * 2.02.98 is the first release that has it. A row is one line, so that one which is not JSON costs only itself.
 */
export function readJsonRows(stdout: string, kind: Kind): Partly<ReportRow> {
  const lines = stdout.split('\n').filter(isOfReport);
  const document = parseJson(lines.join('\n'));
  if (document !== undefined) return readEach(rowsOf(document, kind, stdout), toRow);
  const [whole, torn] = withoutTornRows(lines);
  const rest = parseJson(whole.join('\n'));
  if (rest === undefined || torn.length === 0) throw new ParseError('a JSON report of LVM', stdout);
  const { records, unreadable } = readEach(rowsOf(rest, kind, stdout), toRow);
  return { records, unreadable: [...unreadable, ...torn] };
}

/** Lines of JSON begin with a bracket, a brace, a comma or a quote, what LVM says with a word or a path. */
function isOfReport(line: string): boolean {
  return /^\s*[{}[\],"]/.test(line);
}

/** Without the rows that are not JSON; and a sentence for each of these. The row before the last of a list keeps its comma. */
function withoutTornRows(lines: readonly string[]): readonly [string[], string[]] {
  const torn: string[] = [];
  const kept = lines.filter((line) => {
    if (!/^\s*\{\s*"/.test(line) || parseJson(line.replace(/,\s*$/, '')) !== undefined) return true;
    torn.push(new ParseError('a row of JSON', line.trim()).message);
    return false;
  });
  const mended = kept.map((line, at) =>
    /^\s*\]/.test(kept[at + 1] ?? '') ? line.replace(/,\s*$/, '') : line,
  );
  return [mended, torn];
}

function rowsOf(document: unknown, kind: Kind, stdout: string): readonly unknown[] {
  const report = isRecord(document) ? document['report'] : undefined;
  if (!Array.isArray(report)) throw new ParseError('a JSON report of LVM', stdout);
  if (report.length === 0) throw new ParseError(`a report with a list "${kind}"`, stdout);
  return report.flatMap((section) => {
    const rows: unknown = isRecord(section) ? section[kind] : undefined;
    if (!Array.isArray(rows)) throw new ParseError(`a report with a list "${kind}"`, stdout);
    return rows;
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
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
