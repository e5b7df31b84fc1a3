import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { MetricsFormat } from '../../metrics/family.ts';
import type { Deps } from '../deps.ts';
import { chooseFormat } from '../negotiate.ts';
import type { Route } from '../route.ts';

const contentTypes: Readonly<Record<MetricsFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

const compress = promisify(gzip);

export function metricsRoute({ telemetryPath, metrics }: Deps): Route {
  return {
    path: telemetryPath,
    handle: async (request, response) => {
      const format = chooseFormat(request.get('accept'));
      const body = Buffer.from(await metrics.render(format));
      response.set({ 'Content-Type': contentTypes[format], Vary: 'Accept, Accept-Encoding' });
      if (request.acceptsEncodings('gzip', 'identity') !== 'gzip') {
        response.send(body);
        return;
      }
      response.set('Content-Encoding', 'gzip').send(await compress(body));
    },
  };
}
