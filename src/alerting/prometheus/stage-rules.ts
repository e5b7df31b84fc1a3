import type { AlertName } from '../../model/alert-name.ts';
import { type Target, targets } from '../../model/finding.ts';
import { type Resource, resources } from '../../model/pool.ts';
import { type HoursStage, levelOf, type RecordedWindow, type Trend } from '../../rules/stages.ts';
import { type ThresholdName, thresholds } from '../../rules/thresholds.ts';
import { describeForecast } from '../annotations.ts';
import { joined } from './promql.ts';
import { type Distance, growth, leftBytes, leftRatio } from './records.ts';
import type { Alert } from './rule.ts';

const subject = 'Pool {{ $labels.pool }} on {{ $labels.instance }}';
/** Prometheus would print seconds as `46.43s`. */
const timeOf = (value: string): string =>
  `{{ if lt ${value} 1.0 }}less than 1 s{{ else if lt ${value} 60.0 }}{{ printf "%.0f" ${value} }} s{{ else }}{{ ${value} | humanizeDuration }}{{ end }}`;
/** Of the value that the template stands on. */
export const timeTemplate = timeOf('.');

function leftNow(resource: Resource, target: Target): string {
  return `{{ with printf "thinpool:left_bytes{cluster=%q,instance=%q,pool=%q,resource='${resource}',target='${target}'}" (index $labels "cluster") $labels.instance $labels.pool | query }}{{ . | first | value | humanize1024 }}B{{ end }}`;
}

export function stageAlerts(stages: readonly HoursStage[]): Alert[] {
  return stages.flatMap((stage) =>
    resources.flatMap((resource) =>
      targets.flatMap((target) => {
        const exprs = stage.trends.flatMap((trend) => trendExpr(trend, resource, target));
        return exprs.length === 0
          ? []
          : [stageAlert(stage, resource, target, [...exprs, ...holdExprs(stage, resource, target)])];
      }),
    ),
  );
}

function stageAlert(stage: HoursStage, resource: Resource, target: Target, exprs: readonly string[]): Alert {
  const { alert, severity, keepFiringFor } = stage;
  const any = joined('or', exprs);
  return {
    alert,
    expr: stage.unlessExtended ? `${block(any)}\nunless thinpool:extends_itself` : any,
    for: stage.for,
    keepFiringFor,
    severity,
    resource,
    target,
    ...describeForecast(resource, target, {
      subject,
      left: leftNow(resource, target),
      time: timeOf('$value'),
    }),
  };
}

/**
 * The value is the time left, by the first window. Pools that have enough left, most of a
 * fleet, are out before anything is divided.
 */
function trendExpr(trend: Trend<RecordedWindow>, resource: Resource, target: Target): readonly string[] {
  const { windows, horizon } = trend;
  const level = levelOf(trend, resource, target);
  if (level === undefined) return [];
  const low = block(joined('and', [leftBytes({ resource, target }), isLow({ resource, target }, level)]));
  return [
    block(
      joined(
        'and',
        windows.map((window) => timeLeft(low, window, horizon)),
      ),
    ),
  ];
}

/** Hysteresis: an alert that fires resolves at a threshold further away from the one that raised it. */
function holdExprs(
  { alert, severity, hold }: HoursStage,
  resource: Resource,
  target: Target,
): readonly string[] {
  if (hold === undefined) return [];
  const level = hold.left?.[target];
  const left = leftBytes({ resource, target });
  const fires = isFiring(alert, severity, target);
  const { windows, horizon } = hold;
  const exprs =
    horizon === undefined
      ? []
      : windows.map((window) => block(timeLeft(block(joined('and', [left, fires])), window, horizon)));
  if (level !== undefined) {
    // One byte more, because 0 / 0 is NaN, and the description still needs the time at this rate.
    const held = block(joined('and', [left, fires, isLow({ resource, target }, level)]));
    exprs.push(block(`(${held} + 1)\n  / ignoring (target, window) ${growth(windows[0])} >= 0`));
  }
  return exprs;
}

/** An operand for a set operator: the alert was firing at the last evaluation. */
function isFiring(alert: AlertName, severity: string, target?: Target): string {
  const rest = target === undefined ? '' : `,target="${target}"`;
  return `ignoring (alertname, alertstate, severity, page) ALERTS{alertname="${alert}",alertstate="firing",severity="${severity}"${rest}}`;
}

function block(expr: string): string {
  return `(\n  ${expr.replaceAll('\n', '\n  ')}\n)`;
}

function isLow(of: Distance, level: ThresholdName): string {
  return `${leftRatio(of)} < ${thresholds[level].value}`;
}

function timeLeft(left: string, window: RecordedWindow, horizon: ThresholdName): string {
  return `${left}
  / ignoring (target, window) ${growth(window)} < ${thresholds[horizon].value}`;
}
