import type { CollectorReport, Deps } from '../deps.ts';
import type { Route } from '../route.ts';

/** An empty list means that the host has no pools. If that is not known, there is no list. */
export function poolsRoute({ latest, readiness }: Deps): Route {
  return {
    path: '/api/v1/pools',
    handle: (_, response) => {
      const { host, trends } = latest();
      const { takenAt, discovered, pools, missingPools } = host;
      if (discovered) response.json({ takenAt, pools, missingPools, trends });
      else
        response
          .status(503)
          .json({ error: 'device-mapper is not known', reasons: readiness(), missingPools });
    },
  };
}

export function findingsRoute({ latest }: Deps): Route {
  return {
    path: '/api/v1/findings',
    handle: (_, response) => {
      const { host, findings } = latest();
      response.json({ takenAt: host.takenAt, discovered: host.discovered, findings });
    },
  };
}

export function collectorsRoute({ latest }: Deps): Route {
  return {
    path: '/api/v1/collectors',
    handle: (_, response) => {
      const { takenAt, collectors } = latest().host;
      response.json({ takenAt, collectors });
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
      if (report !== undefined) response.json(showRaw ? report : withoutText(report));
      else
        response
          .status(404)
          .json({
            error: 'no such collector',
            collectors: latest().host.collectors.map((state) => state.name),
          });
    },
  };
}

function withoutText(report: CollectorReport) {
  const readings = report.readings.map(({ output, ...rest }) => {
    if (output === undefined) return rest;
    const { stdout, stderr, ...told } = output;
    return { ...rest, output: { ...told, stdoutLength: stdout.length, stderrLength: stderr.length } };
  });
  return { ...report, readings, hint: 'the text that was read is shown with --web.expose-raw-output' };
}
