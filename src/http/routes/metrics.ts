import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { MetricsFormat } from '../../metrics/family.ts';
import type { Deps } from '../deps.ts';
import { chooseFormat } from '../negotiate.ts';
import type { Route } from '../route.ts';

const contentTypes: Readonly<Record<MetricsFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

const deflate = promisify(gzip);

/** The quickest: a page repeats itself so much that more effort saves a few bytes and costs three times the CPU. */
const compress = (page: Buffer): Promise<Buffer> => deflate(page, { level: constants.Z_BEST_SPEED });

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
