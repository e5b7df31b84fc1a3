import { formatShare } from '../../format/bytes.ts';
import { formatAge } from '../../format/duration.ts';
import type { Resource } from '../../model/pool.ts';
import type { SpaceTrend, TrendPoint } from '../../model/trend.ts';
import { hourMs, minuteMs } from '../../model/units.ts';
import type { Shortage } from './bar.ts';
import type { Mark } from './bar-marks.ts';
import { type Html, html } from './html.ts';

const width = 200;
const height = 40;
/** More points cannot be distinguished. */
const most = 60;
/** What the chart may cover. The shortest that holds the history is taken: minutes of an hour would be a dot. */
const spans = [minuteMs, 5 * minuteMs, 15 * minuteMs, hourMs] as const;
/** The bottom of the chart is a multiple of this, so that small changes look small, and its top is a full pool. */
const shareStep = 0.25;
/** So much at least is below the line, unless that is nothing. */
const margin = 0.05;

export interface ChartOf {
  readonly resource: Resource;
  readonly trend: SpaceTrend | undefined;
  readonly marks: readonly Mark[];
  readonly shortage: Shortage;
  readonly now: number;
}

/** The part of time and space that is drawn. */
interface Frame {
  readonly from: number;
  readonly to: number;
  /** The share used at the bottom. */
  readonly low: number;
}

/** Usage over up to an hour, with the limits. Undefined as long as there is no line to draw. */
export function renderChart({ resource, trend, marks, shortage, now }: ChartOf): Html | undefined {
  const all = trend?.points ?? [];
  const [oldest, last] = [all[0], all.at(-1)];
  if (oldest === undefined || last === undefined || last.at <= oldest.at) return undefined;
  const to = Math.max(now, last.at);
  const span = spans.find((length) => length >= to - oldest.at) ?? hourMs;
  const points = downsample(all.filter(({ at }) => at >= to - span));
  if (points.length < 2) return undefined;
  const lowest = Math.min(...points.map(shareOf)) - margin;
  const low = Math.max(0, Math.floor(lowest / shareStep) * shareStep);
  const frame = { from: to - span, to, low: Math.min(1 - shareStep, low) };
  const shown = marks.filter(({ share }) => share > frame.low && share < 1);
  return html`<div class="chart ${shortage}"><svg role="img" aria-label="${describe(resource, points, shown)}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">
${shown.map((mark) => renderLimit(mark, frame))}${lines(points, frame).map((line) => html`<polyline vector-effect="non-scaling-stroke" points="${line}"/>`)}</svg>
<p class="share" aria-hidden="true"><span>100%</span><span>${100 * frame.low}%</span></p>
<p class="time" aria-hidden="true"><span>${formatAge(span)} ago</span><span>now</span></p></div>
`;
}

function renderLimit({ kind, share }: Mark, frame: Frame): Html {
  const y = yOf(share, frame);
  return html`<path class="limit ${kind}" vector-effect="non-scaling-stroke" d="M0 ${y}H${width}"/>`;
}

/** Keeps the newest point and every gap. */
function downsample(points: readonly TrendPoint[]): readonly TrendPoint[] {
  const step = Math.ceil(points.length / most);
  return points.filter(
    ({ afterGap }, index) => afterGap === true || (points.length - 1 - index) % step === 0,
  );
}

/** One line for each stretch without gaps. */
function lines(points: readonly TrendPoint[], frame: Frame): readonly string[] {
  const found: string[][] = [];
  for (const [index, point] of points.entries()) {
    if (index === 0 || point.afterGap === true) found.push([]);
    const x = (width * (point.at - frame.from)) / (frame.to - frame.from);
    found.at(-1)?.push(`${x.toFixed(1)},${yOf(shareOf(point), frame)}`);
  }
  return found.map((line) => line.join(' '));
}

function yOf(share: number, { low }: Frame): string {
  return (height * (1 - (share - low) / (1 - low))).toFixed(1);
}

function shareOf({ usedBytes, sizeBytes }: TrendPoint): number {
  return usedBytes / sizeBytes;
}

function describe(resource: Resource, points: readonly TrendPoint[], limits: readonly Mark[]): string {
  const shares = points.map(shareOf);
  const [first = 0, last = 0] = [shares[0], shares.at(-1)];
  const overMs = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  const gaps = points.filter(({ afterGap }, index) => index > 0 && afterGap === true).length;
  return [
    `${resource}: from ${percent(first)} to ${percent(last)} in ${formatAge(overMs)}`,
    `lowest ${percent(Math.min(...shares))}, highest ${percent(Math.max(...shares))}`,
    ...(gaps === 0 ? [] : [`${gaps} ${gaps === 1 ? 'gap' : 'gaps'}`]),
    ...limits.map(({ kind, share }) => `${limitWords[kind]} ${percent(share)}`),
  ].join('; ');
}

const percent = (share: number): string => formatShare(share, 1);

const limitWords: Readonly<Record<Mark['kind'], string>> = {
  autoextend: 'autoextend above',
  'low-water': 'low water mark at',
  'minimum-free': 'minimum free at',
  'host-room': 'file system full at',
  warning: 'warning above',
  critical: 'critical above',
};
