import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Deps } from './deps.ts';
import type { Route } from './route.ts';
import { findingsRoute } from './routes/findings.ts';
import { healthyRoute } from './routes/healthy.ts';
import { landingRoute } from './routes/landing.ts';
import { metricsRoute } from './routes/metrics.ts';
import { poolsRoute } from './routes/pools.ts';
import { readyRoute } from './routes/ready.ts';
import { sourceRoute } from './routes/source.ts';
import { sourcesRoute } from './routes/sources.ts';

/** The routes, and what holds for all of them. Reads nothing but the request's line and headers. */
export function createApp(deps: Deps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false).set('json spaces', 2);
  app.enable('strict routing').enable('case sensitive routing');
  app.use(setHeaders);
  for (const { path, handle } of routes(deps)) app.route(path).get(handle).all(refuseMethod);
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
    findingsRoute(deps),
    sourcesRoute(deps),
    sourceRoute(deps),
    landingRoute(deps),
  ];
}

const setHeaders: RequestHandler = (_, response, next) => {
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
  next();
};

const refuseMethod: RequestHandler = (request, response) => {
  response.set('Allow', 'GET, HEAD');
  refuse(request, response, 405, 'method not allowed');
};

/** Nobody reads a body here, so the connection ends with the answer instead of draining one. */
function refuse(request: Request, response: Response, status: number, error: string): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') response.set('Connection', 'close');
  response.status(status);
  if (request.path.startsWith('/api/')) response.json({ error });
  else response.type('text').send(`${error}\n`);
}

/** What went wrong is for the log; the client learns whose fault it was. Four parameters make it an error handler. */
function handleError({ log }: Deps): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const status = clientFault(error);
    if (status === undefined) log.error({ err: error, path: request.path }, 'request failed');
    if (response.headersSent) next(error);
    else if (status === undefined) refuse(request, response, 500, 'internal error');
    else refuse(request, response, status, 'bad request');
  };
}

/** The status of an error that Express raised over the request itself, such as an escape in the path that is none. */
function clientFault(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}
