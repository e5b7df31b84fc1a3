import type { Deps, SourceReport } from '../deps.ts';
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

export function sourcesRoute({ latest }: Deps): Route {
  return {
    path: '/api/v1/sources',
    handle: (_, response) => {
      const { takenAt, sources } = latest().host;
      response.json({ takenAt, sources });
    },
  };
}

/** One collector from output to metrics, for bug reports. */
export function sourceRoute({ source, latest, showRaw }: Deps): Route {
  return {
    path: '/api/v1/sources/:name',
    handle: async (request, response) => {
      const { name } = request.params;
      const report = typeof name === 'string' ? await source(name) : undefined;
      if (report !== undefined) response.json(showRaw ? report : withoutText(report));
      else
        response
          .status(404)
          .json({ error: 'no such source', sources: latest().host.sources.map((state) => state.name) });
    },
  };
}

function withoutText(report: SourceReport) {
  const readings = report.readings.map(({ reading, ...rest }) => {
    if (reading === undefined) return rest;
    const { stdout, stderr, ...told } = reading;
    return { ...rest, reading: { ...told, stdoutLength: stdout.length, stderrLength: stderr.length } };
  });
  return { ...report, readings, hint: 'the text that was read is shown with --web.raw-readings' };
}
