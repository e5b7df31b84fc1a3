import type { Deps, SourceReport } from '../../web/deps.ts';
import type { Route } from '../../web/route.ts';

/** One source from end to end, for a report of a fault. */
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
