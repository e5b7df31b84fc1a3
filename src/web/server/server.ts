import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tls } from '../access/web-config.ts';
import { type Bounds, gather } from './connections.ts';
import { type Binding, listenOn } from './listen.ts';
import { openDoor, type Patience } from './protocol.ts';

export interface Listening {
  /** Where it listens, `[::]:10056`. */
  readonly addresses: readonly string[];
  /** Holds for connections that come from now on. */
  readonly useTls: (tls: Tls | undefined) => void;
  /** Takes nothing new, lets what is under way end for a moment, then cuts it off. */
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

/** Listens on every address, or on none: then it rejects and says which one was refused. */
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
