import {
  collectorAnswer,
  collectorsAnswer,
  findingsAnswer,
  poolsAnswer,
  unknownPoolsAnswer,
} from '../api/responses.ts';
import type { CollectorReport, Deps } from '../deps.ts';
import type { Route } from '../route.ts';

/** An empty list means that the host has no pools. If that is not known, there is no list. */
export function poolsRoute({ latest, readiness }: Deps): Route {
  return {
    path: '/api/v1/pools',
    handle: (_, response) => {
      const { host, trends } = latest();
      if (host.discovered) response.json(poolsAnswer.write({ ...host, trends }));
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

export function findingsRoute({ latest }: Deps): Route {
  return {
    path: '/api/v1/findings',
    handle: (_, response) => {
      const { host, findings } = latest();
      response.json(findingsAnswer.write({ ...host, findings }));
    },
  };
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
