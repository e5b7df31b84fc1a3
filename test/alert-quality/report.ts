import type { Summary } from './summary.ts';

/** A set of rules at one scrape interval, and what it made of the histories. */
export interface Result {
  readonly name: string;
  /** Seconds. */
  readonly interval: number;
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

/** `thinpool, 15 s` */
export function titleOf({ name, interval }: Pick<Result, 'name' | 'interval'>): string {
  return `${name}, ${interval} s`;
}

export interface Bar {
  readonly message: string;
  readonly holds: boolean;
}

/** What the shipped rules must do at every scrape interval. Fewer false pages than baselines: at the interval of those. */
export function barsOf(results: readonly Result[], baselines: readonly Result[]): Bar[] {
  const bar = (
    message: string,
    figure: (summary: Summary) => string,
    holds: (summary: Summary) => boolean,
  ): Bar => ({
    message: `${message}: ${results.map(({ all, interval }) => `${figure(all)} at ${interval} s`).join(', ')}`,
    holds: results.every(({ all }) => holds(all)),
  });
  return [
    bar(
      'no fill missed',
      ({ fillsMissed, fills }) => `${fillsMissed} of ${fills}`,
      ({ fillsMissed }) => fillsMissed === 0,
    ),
    bar(
      'no fill of an hour or more with less than 15 minutes of lead',
      ({ longLate, long }) => `${longLate} of ${long}`,
      ({ longLate }) => longLate === 0,
    ),
    bar(
      'faster fills paged as early as polls, scrapes and evaluations allow',
      ({ fastLate, fast, tooFast }) => `${fastLate} of ${fast} late (${tooFast} more were too fast)`,
      ({ fastLate }) => fastLate === 0,
    ),
    bar(
      'less than 5% of crossings missed',
      ({ crossingsMissed, crossings }) => `${crossingsMissed} of ${crossings}`,
      ({ crossingsMissed, crossings }) => isBelow(0.05, crossingsMissed, crossings),
    ),
    bar(
      'pages in less than 5% of quiet histories',
      ({ quietPaged, quiet }) => `${quietPaged} of ${quiet}`,
      ({ quietPaged, quiet }) => isBelow(0.05, quietPaged, quiet),
    ),
    bar(
      'less than 10 flaps',
      ({ flaps }) => `${flaps}`,
      ({ flaps }) => flaps < 10,
    ),
    ...rivalry(results, baselines),
  ];
}

function rivalry(results: readonly Result[], baselines: readonly Result[]): Bar[] {
  const own = results.find(({ interval }) => interval === baselines[0]?.interval);
  if (own === undefined) return [];
  const rivals = baselines.filter(({ all }) => all.fillsMissed === 0);
  const figures = rivals.map(({ name, all }) => `${name} ${all.falsePages}`).join(', ');
  return [
    {
      message: `fewer false pages at ${own.interval} s (${own.all.falsePages}) than every baseline that misses no fill: ${figures || 'there is none'}`,
      holds: rivals.every(({ all }) => own.all.falsePages < all.falsePages),
    },
  ];
}

/** The result with the most against it: missed and late fills first. */
export function worstOf(results: readonly Result[]): Result {
  const faults = ({ all }: Result): readonly number[] => [
    all.fillsMissed,
    all.longLate + all.fastLate,
    all.crossingsMissed,
    all.quietPaged,
    all.flaps,
  ];
  const isWorse = (one: Result, other: Result): boolean => {
    const others = faults(other);
    const at = faults(one).findIndex((count, index) => count !== others[index]);
    return at >= 0 && faults(one)[at]! > others[at]!;
  };
  return results.reduce((worst, result) => (isWorse(result, worst) ? result : worst));
}

function isBelow(limit: number, part: number, of: number): boolean {
  return of === 0 || part < limit * of;
}
