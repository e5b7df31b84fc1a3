import type { ServerResponse } from 'node:http';

const bodies = new WeakMap<ServerResponse, Buffer>();

/** Says that an answer sends these bytes, which others send as well: they are in memory once, however many read them. */
export function shareBody(response: ServerResponse, body: Buffer): Buffer {
  bodies.set(response, body);
  return body;
}

/** What this answer shares with others; undefined where its bytes are its own. */
export function sharedBodyOf(response: ServerResponse): Buffer | undefined {
  return bodies.get(response);
}
