import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { ListenAddress } from '../../config/value-types.ts';
import { messageOf } from '../../format/error-message.ts';
import { openToGroup, removeStale } from '../../http/unix-socket.ts';

/** An address, or a socket that listens already and was passed on. */
export type Binding = ListenAddress | { readonly fd: number };

export interface Listeners {
  /** Where they listen, `[::]:10056`. */
  readonly addresses: readonly string[];
  /** Takes nothing new. */
  readonly close: () => void;
}

/** Listens on every address, or on none: then it rejects and says which one was refused. */
export async function listenOn(
  bindings: readonly Binding[],
  onConnection: (socket: Socket) => void,
  onError: (error: Error) => void,
): Promise<Listeners> {
  // A client may end its half of a connection behind its request, as HTTP allows.
  const servers = bindings.map((binding) => ({
    binding,
    server: createServer({ allowHalfOpen: true, noDelay: true }, onConnection),
  }));
  const close = (): void => {
    for (const { server } of servers) server.close();
  };
  const outcomes = await Promise.allSettled(servers.map(({ server, binding }) => listen(server, binding)));
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  if (refused !== undefined) {
    close();
    throw refused.reason;
  }
  for (const { server } of servers) server.on('error', onError);
  return { addresses: servers.map(({ server }) => addressOf(server)), close };
}

async function listen(server: Server, binding: Binding): Promise<void> {
  try {
    if ('path' in binding) await listenOnPath(server, binding.path);
    else await ready(server.listen(binding));
  } catch (error) {
    const reason = messageOf(error);
    throw new Error(`cannot listen on ${describe(binding)}: ${reason}`, { cause: error });
  }
}

async function listenOnPath(server: Server, path: string): Promise<void> {
  try {
    await ready(server.listen({ path }));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    await removeStale(path);
    await ready(server.listen({ path }));
  }
  openToGroup(path);
}

async function ready(server: Server): Promise<void> {
  await once(server, 'listening');
}

function addressOf(server: Server): string {
  const address = server.address();
  if (typeof address === 'string') return `unix:${address}`;
  // A Unix socket that was passed on: Node does not tell its path.
  return address === null ? 'unix:' : show(address.port, address.address);
}

function describe(binding: Binding): string {
  if ('path' in binding) return `unix:${binding.path}`;
  return 'fd' in binding ? `the passed on socket ${binding.fd}` : show(binding.port, binding.host);
}

function show(port: number, host = ''): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
