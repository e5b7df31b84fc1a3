import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tls } from '../access/web-config.ts';
import { type ConnectionLimits, trackConnections } from './connections.ts';
import { type Binding, listenOn } from './listen.ts';
import { createProtocol, type Timeouts } from './protocol.ts';

export interface Listening {
  /** For example `[::]:10058`. */
  readonly addresses: readonly string[];
  /** Applies to new connections. */
  readonly useTls: (tls: Tls | undefined) => void;
  /** Accepts no new connections, gives current requests a moment to finish, then closes them. */
  readonly close: () => Promise<void>;
}

export interface Limits extends Timeouts, ConnectionLimits {
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
  const tracker = trackConnections(all);
  const handle: RequestListener = (request, response) => {
    tracker.onRequest(request.socket, response);
    app(request, response);
  };
  let protocol = createProtocol(handle, tls, all);
  const listeners = await listenOn(
    addresses,
    (socket) => {
      tracker.add(socket);
      protocol.accept(socket);
    },
    (error) => log.error({ err: error }, 'Accepting a connection failed'),
  ).catch((error: unknown) => {
    tracker.destroyAll();
    throw error;
  });
  return {
    addresses: listeners.addresses,
    useTls: (next) => {
      protocol.drain();
      protocol = createProtocol(handle, next, all);
    },
    close: async () => {
      listeners.close();
      protocol.drain();
      const deadline = performance.now() + all.closingMs;
      while (tracker.size() > 0 && performance.now() < deadline) await sleep(10);
      tracker.destroyAll();
    },
  };
}
