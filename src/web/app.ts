import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Deps } from './deps.ts';
import type { Route } from './route.ts';
import { collectorRoute, collectorsRoute, findingsRoute, poolsRoute } from './routes/api.ts';
import { metricsRoute } from './routes/metrics.ts';
import { healthyRoute, readyRoute } from './routes/probes.ts';
import { roomRoute } from './routes/room.ts';
import { runbookRoute, runbooksRoute } from './routes/runbooks.ts';
import { statusPageRoute } from './routes/status-page.ts';

/** The routes, and what applies to all of them. Reads only the request line and headers. */
export function createApp(deps: Deps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false).set('json spaces', 2);
  app.enable('strict routing').enable('case sensitive routing');
  const served = routes(deps);
  app.use(setHeaders(deps, served), authenticate(deps), refuseBody);
  for (const { path, handle } of served) app.route(path).get(handle).all(refuseMethod);
  app.use((request, response) => refuse(request, response, 404, 'not found'));
  app.use(handleError(deps));
  return app;
}

function routes(deps: Deps): readonly Route[] {
  return [
    metricsRoute(deps),
    healthyRoute,
    readyRoute(deps),
    poolsRoute(deps),
    roomRoute(deps),
    findingsRoute(deps),
    collectorsRoute(deps),
    collectorRoute(deps),
    statusPageRoute(deps),
    runbooksRoute(deps),
    runbookRoute(deps),
  ];
}

const usualPolicy = "default-src 'none'; frame-ancestors 'none'";

/** Headers of the web configuration override ours. */
function setHeaders({ guard }: Deps, served: readonly Route[]): RequestHandler {
  const policies = served.flatMap(({ path, policy }) =>
    policy === undefined ? [] : [{ pattern: patternOf(path), policy }],
  );
  return (request, response, next) => {
    const own = policies.find(({ pattern }) => pattern.test(request.path));
    response.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': own?.policy ?? usualPolicy,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      ...guard().headers,
    });
    next();
  };
}

/** What a path of ours matches: `:name` stands for one part. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`);
}

/** Comes first, so that an unauthenticated client does not even learn which paths exist. */
function authenticate({ guard }: Deps): RequestHandler {
  return async (request, response, next) => {
    const verdict = await guard().authorize(request.get('authorization'));
    if (verdict === 'admitted') {
      next();
      return;
    }
    if (verdict === 'refused')
      response.set('WWW-Authenticate', 'Basic realm="thinpool-exporter", charset="UTF-8"');
    else response.set('Retry-After', '1');
    const [status, error] = refusals[verdict];
    refuse(request, response, status, error);
  };
}

const refusals = {
  refused: [401, 'unauthorized'],
  busy: [503, 'too many new credentials at once'],
  'too-many': [429, 'too many requests'],
} as const;

/** No route accepts a body. Other methods are refused elsewhere. */
const refuseBody: RequestHandler = (request, response, next) => {
  const isEmpty =
    (request.get('content-length') ?? '0') === '0' && request.get('transfer-encoding') === undefined;
  if (isEmpty || (request.method !== 'GET' && request.method !== 'HEAD')) next();
  else refuse(request, response.set('Connection', 'close'), 413, 'a request must not have a body');
};

const refuseMethod: RequestHandler = (request, response) => {
  response.set('Allow', 'GET, HEAD');
  refuse(request, response, 405, 'method not allowed');
};

/** Bodies are not read, so the connection closes after the response instead of draining one. */
function refuse(request: Request, response: Response, status: number, error: string): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') response.set('Connection', 'close');
  response.status(status);
  if (request.path.startsWith('/api/')) response.json({ error });
  else response.type('text').send(`${error}\n`);
}

/** Details go to the log; the client gets only a status. Four parameters make it an error handler. */
function handleError({ log }: Deps): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const status = clientFault(error);
    if (status === undefined) log.error({ err: error, path: request.path }, 'Request failed');
    if (response.headersSent) next(error);
    else if (status === undefined) refuse(request, response, 500, 'internal error');
    else refuse(request, response, status, 'bad request');
  };
}

/** The status of an error that Express raised because of the request, such as an invalid escape in the path. */
function clientFault(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}
