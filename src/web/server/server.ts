import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tls } from '../access/web-config.ts';
import { type Bounds, gather } from './connections.ts';
import { type Binding, listenOn } from './listen.ts';
import { openDoor, type Patience } from './protocol.ts';

export interface Listening {
  /** For example `[::]:10056`. */
  readonly addresses: readonly string[];
  /** Applies to new connections. */
  readonly useTls: (tls: Tls | undefined) => void;
  /** Accepts no new connections, gives current requests a moment to finish, then closes them. */
  readonly close: () => Promise<void>;
}

export interface Limits extends Patience, Bounds {
  readonly closingMs: number;
}

const usualLimits: Limits = {
  headersMs: 5000,
  requestMs: 10_000,
  silenceMs: 30_000,
  idleMs: 125_000,
  answerMs: 15_000,
  closingMs: 500,
  connections: 1200,
  unreadBytes: 32 << 20,
};

export interface ServerInput {
  readonly app: RequestListener;
  readonly addresses: readonly Binding[];
  readonly tls?: Tls | undefined;
  readonly log: { readonly error: (fields: object, message: string) => void };
  readonly limits?: Partial<Limits>;
}

/** Listens on all addresses. If one fails, listens on none and rejects with its name. */
export async function startServer({ app, addresses, tls, log, limits }: ServerInput): Promise<Listening> {
  const all = { ...usualLimits, ...limits };
  const crowd = gather(all);
  const handle: RequestListener = (request, response) => {
    crowd.asked(request.socket, response);
    app(request, response);
  };
  let door = openDoor(handle, tls, all);
  const listeners = await listenOn(
    addresses,
    (socket) => {
      crowd.join(socket);
      door.admit(socket);
    },
    (error) => log.error({ err: error }, 'Accepting a connection failed'),
  ).catch((error: unknown) => {
    crowd.disperse();
    throw error;
  });
  return {
    addresses: listeners.addresses,
    useTls: (next) => {
      door.retire();
      door = openDoor(handle, next, all);
    },
    close: async () => {
      listeners.close();
      door.retire();
      const deadline = performance.now() + all.closingMs;
      while (crowd.size() > 0 && performance.now() < deadline) await sleep(10);
      crowd.disperse();
    },
  };
}
