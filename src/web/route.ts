import type { RequestHandler } from 'express';

/** Something to GET. HEAD follows from it, every other method is refused. */
export interface Route {
  readonly path: string;
  readonly handle: RequestHandler;
  /** Its Content-Security-Policy, where the usual one, which allows nothing, does not do. */
  readonly policy?: string;
}
