import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { ListenAddress } from '../config/value-types.ts';

export interface Listening {
  /** Where it listens, `[::]:10056`. */
  readonly addresses: readonly string[];
  /** Takes nothing new, lets what is under way end for a moment, then cuts it off. */
  readonly close: () => Promise<void>;
}

/** How long a client may take. A scrape takes milliseconds: what does not is broken or means harm. */
export interface Patience {
  readonly headersMs: number;
  readonly requestMs: number;
  /** Without a byte either way, in the midst of a request. */
  readonly silenceMs: number;
  /** Between requests. Longer than any usual scrape interval, or a scrape meets a connection that is just closing. */
  readonly idleMs: number;
  readonly closingMs: number;
}

const usualPatience: Patience = {
  headersMs: 5000,
  requestMs: 10_000,
  silenceMs: 30_000,
  idleMs: 125_000,
  closingMs: 500,
};

export interface ServerInput {
  readonly app: RequestListener;
  readonly addresses: readonly ListenAddress[];
  readonly log: { readonly error: (fields: object, message: string) => void };
  readonly patience?: Partial<Patience>;
}

/** Listens on every address, or on none: then it rejects and says which one was refused. */
export async function startServer({ app, addresses, log, patience }: ServerInput): Promise<Listening> {
  const bounds = { ...usualPatience, ...patience };
  const servers = addresses.map((address) => ({ address, server: bound(app, bounds) }));
  const close = async () => {
    await Promise.all(servers.map(({ server }) => shut(server, bounds.closingMs)));
  };
  const outcomes = await Promise.allSettled(servers.map(({ server, address }) => listen(server, address)));
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  if (refused !== undefined) {
    await close();
    throw refused.reason;
  }
  for (const { server } of servers)
    server.on('error', (error) => log.error({ err: error }, 'a connection was not accepted'));
  return { addresses: servers.map(({ server }) => bindingOf(server)), close };
}

function bound(app: RequestListener, { headersMs, requestMs, silenceMs, idleMs }: Patience): Server {
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      // How late the two timeouts above may be noticed; Node's own 30 s would make them pointless.
      connectionsCheckingInterval: Math.min(1000, headersMs),
      maxHeaderSize: 8192,
    },
    app,
  );
  server.maxConnections = 100;
  server.timeout = silenceMs;
  return server;
}

async function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  server.listen(host === undefined ? { port } : { host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot listen on ${show(port, host)}: ${reason}`, { cause: error });
  }
}

function bindingOf(server: Server): string {
  const binding = server.address();
  return typeof binding === 'object' && binding !== null ? show(binding.port, binding.address) : '';
}

function show(port: number, host = ''): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function shut(server: Server, closingMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), closingMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
