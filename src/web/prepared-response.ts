import type { Response } from 'express';
import { shareBody } from './shared-body.ts';

/** A response as bytes, which any number of requests can share. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

export function jsonAnswer(value: unknown, status = 200): Answer {
  const body = Buffer.from(JSON.stringify(value, null, 2));
  return { status, type: 'application/json; charset=utf-8', body };
}

export function htmlAnswer(markup: string): Answer {
  return { status: 200, type: 'text/html; charset=utf-8', body: Buffer.from(markup) };
}

/** Sends it; in response to HEAD, only its headers. */
export function sendAnswer(response: Response, { status, type, body }: Answer): void {
  response.status(status).set('Content-Type', type).send(shareBody(response, body));
}
