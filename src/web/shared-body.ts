import type { ServerResponse } from 'node:http';

const bodies = new WeakMap<ServerResponse, Buffer>();

/** Marks the body as shared with other responses: it is in memory once, however many clients read it. */
export function shareBody(response: ServerResponse, body: Buffer): Buffer {
  bodies.set(response, body);
  return body;
}

/** The body that this response shares with others; undefined if it has its own. */
export function sharedBodyOf(response: ServerResponse): Buffer | undefined {
  return bodies.get(response);
}
