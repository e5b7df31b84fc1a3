import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Pool } from '../../model/pool.ts';
import type { PoolTrend } from '../../model/trend.ts';
import { secondMs } from '../../model/units.ts';
import type { Limits } from '../../rules/limits.ts';
import { rankPools } from '../../rules/ranking.ts';
import { withForecasts } from '../../thinpool/forecast.ts';
import {
  collectorAnswer,
  collectorsAnswer,
  findingsAnswer,
  poolsAnswer,
  unknownPoolsAnswer,
} from '../api/responses.ts';
import type { Limits as LimitsJson } from '../api/shapes.ts';
import type { CollectorReport, Deps } from '../deps.ts';
import type { Route } from '../route.ts';

/** An empty list means that the host has no pools. If that is not known, there is no list. */
export function poolsRoute({ latest, readiness }: Deps): Route {
  return {
    path: '/api/v1/pools',
    handle: (_, response) => {
      const { host, ...judged } = latest();
      const pools = rankPools(host.pools, judged).map(({ pool }) => pool);
      const trends = withForecasts(host.pools, judged);
      if (host.discovered)
        response.json(poolsAnswer.write({ ...host, pools, trends: inOrder(pools, trends) }));
      else
        response.status(503).json(
          unknownPoolsAnswer.write({
            error: 'device-mapper is not known',
            reasons: readiness(),
            missingPools: host.missingPools,
          }),
        );
    },
  };
}

/** The trends in the order of their pools. */
function inOrder(pools: readonly Pool[], trends: readonly PoolTrend[]): readonly PoolTrend[] {
  const places = new Map(pools.map(({ name }, place) => [name, place]));
  return [...trends].sort((one, other) => (places.get(one.pool) ?? 0) - (places.get(other.pool) ?? 0));
}

export function findingsRoute({ latest, limits }: Deps): Route {
  return {
    path: '/api/v1/findings',
    handle: (_, response) => {
      const { host, findings, pending, muted = [] } = latest();
      response.json(
        findingsAnswer.write({ ...host, findings, pending, muted, limits: describeLimits(limits()) }),
      );
    },
  };
}

function describeLimits({ warningRatio, criticalRatio, runsOutMs, lvmRefusal }: Limits): LimitsJson {
  return omitUndefined({
    nearlyFullWarningPercent: percentOf(warningRatio),
    nearlyFullCriticalPercent: criticalRatio === undefined ? undefined : percentOf(criticalRatio),
    runsOutWithinSeconds: runsOutMs / secondMs,
    lvmRefusalSeverity: lvmRefusal,
  });
}

/** Without the digits that a ratio gets in binary. */
function percentOf(ratio: number): number {
  return Math.round(ratio * 10_000) / 100;
}

export function collectorsRoute({ latest }: Deps): Route {
  return {
    path: '/api/v1/collectors',
    handle: (_, response) => {
      response.json(collectorsAnswer.write(latest().host));
    },
  };
}

/** One collector from output to metrics, for bug reports. */
export function collectorRoute({ collector, latest, showRaw }: Deps): Route {
  return {
    path: '/api/v1/collectors/:name',
    handle: async (request, response) => {
      const { name } = request.params;
      const report = typeof name === 'string' ? await collector(name) : undefined;
      if (report !== undefined) response.json(collectorAnswer.write(showRaw ? report : withoutText(report)));
      else
        response.status(404).json({
          error: 'no such collector',
          collectors: latest().host.collectors.map((state) => state.name),
        });
    },
  };
}

function withoutText(report: CollectorReport) {
  const outputs = report.outputs.map(({ output, ...rest }) => {
    if (output === undefined) return rest;
    const { stdout, stderr, ...others } = output;
    return { ...rest, output: { ...others, stdoutLength: stdout.length, stderrLength: stderr.length } };
  });
  return { ...report, outputs, hint: 'the text that was read is shown with --web.expose-raw-output' };
}
