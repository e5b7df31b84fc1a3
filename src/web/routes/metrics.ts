import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { MetricsFormat } from '../../metrics/family.ts';
import type { Deps } from '../deps.ts';
import type { Route } from '../route.ts';
import { shareBody } from '../shared-body.ts';
import { chooseFormat } from './negotiate.ts';

const contentTypes: Readonly<Record<MetricsFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

const deflate = promisify(gzip);

/** Fastest level: the text is so repetitive that a higher level saves a few bytes for three times the CPU. */
const compress = (exposition: Buffer): Promise<Buffer> =>
  deflate(exposition, { level: constants.Z_BEST_SPEED });

export function metricsRoute({ telemetryPath, metrics, scrapers }: Deps): Route {
  const bodies = { text: memoizeBody(), openmetrics: memoizeBody() };
  return {
    path: telemetryPath,
    handle: async (request, response) => {
      scrapers?.saw(request.socket.remoteAddress, request.headers);
      const format = chooseFormat(request.get('accept'));
      const body = bodies[format](await metrics.render(format));
      response.set({ 'Content-Type': contentTypes[format], Vary: 'Accept, Accept-Encoding' });
      if (request.acceptsEncodings('gzip', 'identity') !== 'gzip') {
        response.send(shareBody(response, body.plain));
        return;
      }
      response.set('Content-Encoding', 'gzip').send(shareBody(response, await body.zipped()));
    },
  };
}

interface Body {
  readonly plain: Buffer;
  readonly zipped: () => Promise<Buffer>;
}

/** Compresses each exposition once, however many clients request it. */
function memoizeBody(): (exposition: Buffer) => Body {
  let last: Body | undefined;
  return (exposition) => {
    if (last?.plain !== exposition) last = makeBody(exposition);
    return last;
  };
}

function makeBody(plain: Buffer): Body {
  let zipped: Promise<Buffer> | undefined;
  return {
    plain,
    zipped: () => {
      zipped ??= compress(plain);
      return zipped;
    },
  };
}
