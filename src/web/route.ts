import type { RequestHandler } from 'express';

/** Handles GET, and HEAD with it. Every other method is refused. */
export interface Route {
  readonly path: string;
  readonly handle: RequestHandler;
  /** Its Content-Security-Policy, if the default, which allows nothing, is too strict. */
  readonly policy?: string;
}
