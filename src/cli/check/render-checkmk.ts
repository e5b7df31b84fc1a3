import { plain } from '../../format/printable.ts';
import type { Finding } from '../../model/finding.ts';
import type { Limits } from '../../rules/limits.ts';
import { type JudgedService, usedPercent } from './judge-pools.ts';

/**
 * Local checks of Checkmk: a line for the host and for each pool, `STATUS "SERVICE" METRICS TEXT`. It leaves out a line whose
 * service has a quote of any kind.
 */
export function renderCheckmk(services: readonly JudgedService[], limits: Limits): string {
  return services.map((service) => `${renderLine(service, limits)}\n`).join('');
}

function renderLine({ pool, status, summary, findings }: JudgedService, limits: Limits): string {
  const name = pool === undefined ? 'Thin pools' : `Thin pool ${plain(pool.name)}`;
  const text = [summary, ...findings.map(describe)].map(inText).join('\\n');
  return `${status} "${name.replaceAll(/["']/g, '_')}" ${renderMetrics(pool, limits)} ${text}`;
}

function renderMetrics(pool: JudgedService['pool'], { warningRatio, criticalRatio }: Limits): string {
  const levels = [warningRatio, criticalRatio].map((ratio) =>
    ratio === undefined ? '' : Math.round(ratio * 10_000) / 100,
  );
  const metrics = (['data', 'metadata'] as const).flatMap((resource) => {
    const percent = pool && usedPercent(pool, resource);
    return percent === undefined ? [] : [`${resource}=${percent.toFixed(2)};${levels.join(';')};0;100`];
  });
  return metrics.length === 0 ? '-' : metrics.join('|');
}

function describe({ severity, code, summary, advice }: Finding): string {
  return `${severity.toUpperCase()} ${code}: ${summary} ${advice}`;
}

/** A backslash and an n is a line break there, and a bar begins metrics in some versions. */
function inText(text: string): string {
  return plain(text).replaceAll('\\', '/').replaceAll('|', '/');
}
