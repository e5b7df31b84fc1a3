import type { RequestHandler } from 'express';
import type { Snapshot } from '../../model/host.ts';
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
import { oncePerSnapshot } from '../once-per-snapshot.ts';
import { jsonResponse, type PreparedResponse, sendResponse } from '../prepared-response.ts';
import type { Route } from '../route.ts';

/** An empty list means that the host has no pools. If that is not known, there is no list. */
export function poolsRoute({ latest, readiness }: Deps): Route {
  return {
    path: '/api/v1/pools',
    handle: sendOncePerSnapshot(latest, ({ host, ...judged }) => {
      if (!host.discovered)
        return jsonResponse(
          unknownPoolsAnswer.write({
            error: 'device-mapper is not known',
            reasons: readiness(),
            missingPools: host.missingPools,
          }),
          503,
        );
      const pools = rankPools(host.pools, judged).map(({ pool }) => pool);
      const trends = withForecasts(host.pools, judged);
      return jsonResponse(poolsAnswer.write({ ...host, pools, trends: inOrder(pools, trends) }));
    }),
  };
}

function sendOncePerSnapshot(
  latest: Deps['latest'],
  make: (snapshot: Snapshot) => PreparedResponse,
): RequestHandler {
  const prepared = oncePerSnapshot(latest, make);
  return (_, response) => sendResponse(response, prepared());
}

/** The trends in the order of their pools. */
function inOrder(pools: readonly Pool[], trends: readonly PoolTrend[]): readonly PoolTrend[] {
  const places = new Map(pools.map(({ name }, place) => [name, place]));
  return [...trends].sort((one, other) => (places.get(one.pool) ?? 0) - (places.get(other.pool) ?? 0));
}

export function findingsRoute({ latest, limits }: Deps): Route {
  return {
    path: '/api/v1/findings',
    handle: sendOncePerSnapshot(latest, ({ host, findings, pending, muted = [] }) =>
      jsonResponse(
        findingsAnswer.write({ ...host, findings, pending, muted, limits: describeLimits(limits()) }),
      ),
    ),
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
    handle: sendOncePerSnapshot(latest, ({ host }) => jsonResponse(collectorsAnswer.write(host))),
  };
}

/** One collector from output to metrics, for bug reports. A report that comes again is not written again. */
export function collectorRoute({ collector, latest, showRaw }: Deps): Route {
  const written = new WeakMap<CollectorReport, PreparedResponse>();
  const unknown = oncePerSnapshot(latest, ({ host }) => {
    const names = host.collectors.map(({ name }) => name);
    return jsonResponse({ error: 'no such collector', collectors: names }, 404);
  });
  return {
    path: '/api/v1/collectors/:name',
    handle: async (request, response) => {
      const { name } = request.params;
      const report = typeof name === 'string' ? await collector(name) : undefined;
      if (report === undefined) return sendResponse(response, unknown());
      const prepared =
        written.get(report) ?? jsonResponse(collectorAnswer.write(showRaw ? report : withoutText(report)));
      written.set(report, prepared);
      sendResponse(response, prepared);
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
