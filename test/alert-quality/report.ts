import type { Summary } from './summary.ts';

/** A set of rules and what it made of the histories. */
export interface Result {
  readonly name: string;
  readonly all: Summary;
  readonly byClass: ReadonlyMap<string, Summary>;
}

interface Column {
  readonly head: string;
  readonly cell: (summary: Summary) => string;
}

const share = (part: number, of: number): string => (of === 0 ? '-' : `${part} of ${of}`);

const columns: readonly Column[] = [
  { head: 'fills missed', cell: ({ fillsMissed, fills }) => share(fillsMissed, fills) },
  { head: '≥ 1 h, lead < 15 min', cell: ({ longLate, long }) => share(longLate, long) },
  { head: 'faster, late', cell: ({ fastLate, fast }) => share(fastLate, fast) },
  { head: 'lead, median', cell: ({ leadMedian }) => amountOfTime(leadMedian) },
  { head: 'lead, worst', cell: ({ leadWorst }) => amountOfTime(leadWorst) },
  {
    head: 'crossings missed',
    cell: ({ crossingsMissed, crossings }) => share(crossingsMissed, crossings),
  },
  {
    head: 'never paged',
    cell: ({ crossingsNeverPaged, crossings }) => share(crossingsNeverPaged, crossings),
  },
  { head: 'quiet, paged', cell: ({ quietPaged, quiet }) => share(quietPaged, quiet) },
  { head: 'false pages', cell: ({ falsePages, quiet }) => (quiet === 0 ? '-' : `${falsePages}`) },
  {
    head: 'per pool-month',
    cell: ({ falsePages, poolMonths }) => (poolMonths === 0 ? '-' : (falsePages / poolMonths).toFixed(2)),
  },
  { head: 'flaps', cell: ({ flaps }) => `${flaps}` },
];

function amountOfTime(seconds: number | undefined): string {
  if (seconds === undefined) return '-';
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86400).toFixed(1)} d`;
}

/** A table in Markdown, which is as well read on a terminal. */
export function table(first: string, rows: readonly (readonly [string, Summary])[]): string {
  const cells = [
    [first, ...columns.map(({ head }) => head)],
    ...rows.map(([name, summary]) => [name, ...columns.map(({ cell }) => cell(summary))]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}

export interface Bar {
  readonly message: string;
  readonly holds: boolean;
}

/** What the shipped rules must do. */
export function barsOf({ all }: Result, baselines: readonly Result[]): Bar[] {
  const rivals = baselines.filter((baseline) => baseline.all.fillsMissed === 0);
  const beaten = rivals.filter((rival) => all.falsePages < rival.all.falsePages);
  return [
    { message: `no fill missed: ${all.fillsMissed} of ${all.fills}`, holds: all.fillsMissed === 0 },
    {
      message: `no fill of an hour or more with less than 15 minutes of lead: ${all.longLate} of ${all.long}`,
      holds: all.longLate === 0,
    },
    {
      message: `faster fills paged as early as scrapes allow: ${all.fastLate} of ${all.fast} late (and ${all.tooFast} too fast for any rule)`,
      holds: all.fastLate === 0,
    },
    {
      message: `less than 5% of crossings missed: ${all.crossingsMissed} of ${all.crossings}`,
      holds: isBelow(0.05, all.crossingsMissed, all.crossings),
    },
    {
      message: `pages on less than 5% of quiet histories: ${all.quietPaged} of ${all.quiet}`,
      holds: isBelow(0.05, all.quietPaged, all.quiet),
    },
    {
      message: `fewer false pages (${all.falsePages}) than every baseline that misses no fill: ${
        rivals.length === 0
          ? 'there is none'
          : rivals.map(({ name, all: { falsePages } }) => `${name} ${falsePages}`).join(', ')
      }`,
      holds: beaten.length === rivals.length,
    },
    { message: `less than 10 flaps: ${all.flaps}`, holds: all.flaps < 10 },
  ];
}

function isBelow(limit: number, part: number, of: number): boolean {
  return of === 0 || part < limit * of;
}
