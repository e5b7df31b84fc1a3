import { formatShare } from '../../format/bytes.ts';
import { formatAge } from '../../format/duration.ts';
import type { SpaceTrend, TrendPoint } from '../../model/trend.ts';
import { type Html, html } from './html.ts';

const width = 100;
const height = 24;
/** The smallest range of the vertical axis, as a share of the pool: tiny changes must look tiny. */
const leastSpan = 0.05;
/** More points cannot be distinguished. */
const most = 60;

/** Usage over time. Undefined as long as there is no line to draw. */
export function renderSparkline(trend: SpaceTrend | undefined): Html | undefined {
  const points = downsample(trend?.points ?? []);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return undefined;
  return html`<svg class="sparkline" role="img" aria-label="${describe(first, last)}" viewBox="0 -2 ${width} ${height + 4}" preserveAspectRatio="none">
${lines(points).map((line) => html`<polyline vector-effect="non-scaling-stroke" points="${line}"/>`)}</svg>
`;
}

/** Keeps the newest point and every gap. */
function downsample(points: readonly TrendPoint[]): readonly TrendPoint[] {
  const step = Math.ceil(points.length / most);
  return points.filter(
    ({ afterGap }, index) => afterGap === true || (points.length - 1 - index) % step === 0,
  );
}

/** One line for each stretch without gaps. */
function lines(points: readonly TrendPoint[]): readonly string[] {
  const shares = points.map(({ usedBytes, sizeBytes }) => usedBytes / sizeBytes);
  const low = Math.min(...shares);
  const span = Math.max(leastSpan, Math.max(...shares) - low);
  const from = points[0]?.at ?? 0;
  const length = (points.at(-1)?.at ?? 0) - from;
  const found: string[][] = [];
  for (const [index, { at, afterGap }] of points.entries()) {
    if (index === 0 || afterGap === true) found.push([]);
    const x = (width * (at - from)) / length;
    const y = height * (1 - ((shares[index] ?? 0) - low) / span);
    found.at(-1)?.push(`${x.toFixed(1)},${y.toFixed(1)}`);
  }
  return found.map((line) => line.join(' '));
}

function describe(first: TrendPoint, last: TrendPoint): string {
  const [before, now] = [first, last].map(({ usedBytes, sizeBytes }) => formatShare(usedBytes, sizeBytes));
  return `from ${before} to ${now} in ${formatAge(last.at - first.at)}`;
}
