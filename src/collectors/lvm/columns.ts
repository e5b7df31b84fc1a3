import { ParseError } from '../shared/errors.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import { type ReportText, reportLines, requireRows } from './report.ts';
import type { ReportRow } from './report-row.ts';
import { roundedSizeField } from './rounded-size.ts';

/** Headings of `lvs` (lvm2 lib/report/columns.h) and their fields. */
const fieldsByHeading: Readonly<Record<string, string>> = {
  LV: 'lv_name',
  VG: 'vg_name',
  Attr: 'lv_attr',
  LSize: 'lv_size',
  Pool: 'pool_lv',
  Origin: 'origin',
  'Data%': 'data_percent',
  'Meta%': 'metadata_percent',
  Monitor: 'seg_monitor',
  'LV UUID': 'lv_uuid',
  'VG UUID': 'vg_uuid',
};

interface Column {
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
}

/**
 * Rows of `lvs` output with headings, as people paste it. Blank columns and values of two words rule out splitting at
 * spaces; every value is between the start of its heading and the next one. Human sizes are rounded, so they are kept apart.
 */
export function parseColumnReport(text: ReportText): Partly<ReportRow> {
  return requireRows(text, () => {
    const all = reportLines(text.stdout);
    // LVM may have said something before.
    const start = all.findIndex((line) => /^\s*LV\s/.test(line));
    const [headings, ...lines] = all.slice(Math.max(0, start));
    if (headings === undefined) return { records: [], unreadable: [] };
    const columns = findColumns(headings);
    return readEach(lines, (line) => readColumns(line, columns));
  });
}

function findColumns(headings: string): readonly Column[] {
  const found = [...headings.matchAll(/(?:[LPV]V|VG) UUID|\S+/g)];
  const columns = found.map(({ 0: heading, index }, at) => ({
    field: Object.hasOwn(fieldsByHeading, heading) ? fieldsByHeading[heading] : undefined,
    start: index,
    end: found[at + 1]?.index ?? Number.POSITIVE_INFINITY,
  }));
  for (const needed of ['lv_name', 'vg_name', 'lv_attr'])
    if (!columns.some(({ field }) => field === needed))
      throw new ParseError('headings LV, VG and Attr', headings);
  return columns;
}

function readColumns(line: string, columns: readonly Column[]): ReportRow {
  const row: Record<string, string> = {};
  for (const { field, start, end } of columns) {
    if (start > 0 && (line[start - 1] ?? ' ') !== ' ')
      throw new ParseError('values below their headings', line);
    const value = line.slice(start, end).trim();
    if (field !== undefined) row[field === 'lv_size' && isRounded(value) ? roundedSizeField : field] = value;
  }
  return row;
}

/** Only a plain number of bytes is exact: `<95.00g` and `95.00g` are both rounded to two decimals (man lvs, --units). */
function isRounded(size: string): boolean {
  return !/^\d+$/.test(size);
}
