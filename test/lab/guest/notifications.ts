import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Lab } from './lab.ts';

/** A notification that format json or a program got. */
export interface Received {
  /** By the monotonic clock of this process, in ms (performance.now). */
  readonly at: number;
  readonly id: string;
  readonly status: string;
  readonly alert: string;
  readonly title: string;
}

export interface Receiving {
  /** Oldest first. */
  readonly received: readonly Received[];
  readonly close: () => void;
}

/** A server for a receiver of format json. */
export async function receiveNotifications(lab: Lab, port: number): Promise<Receiving> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const at = performance.now();
    const one: Received = { ...JSON.parse(await text(request)), at };
    received.push(one);
    lab.say(`${one.status} ${one.alert}: ${one.title}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { received, close: () => server.close() };
}
