import type { Response } from 'express';
import { shareBody } from './shared-body.ts';

/** A response as bytes, which any number of requests can share. */
export interface PreparedResponse {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

export function jsonResponse(value: unknown, status = 200): PreparedResponse {
  const body = Buffer.from(JSON.stringify(value, null, 2));
  return { status, type: 'application/json; charset=utf-8', body };
}

export function htmlResponse(markup: string): PreparedResponse {
  return { status: 200, type: 'text/html; charset=utf-8', body: Buffer.from(markup) };
}

/** Sends it; in response to HEAD, only its headers. */
export function sendResponse(response: Response, { status, type, body }: PreparedResponse): void {
  response.status(status).set('Content-Type', type).send(shareBody(response, body));
}
