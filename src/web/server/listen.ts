import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { ListenAddress } from '../../config/value-types.ts';
import { messageOf } from '../../format/error-message.ts';

/** An address, or an inherited socket that already listens. */
export type Binding = ListenAddress | { readonly fd: number };

export interface Listeners {
  /** For example `[::]:10058`. */
  readonly addresses: readonly string[];
  /** Accepts no new connections. */
  readonly close: () => void;
}

/** Listens on all addresses. If one fails, listens on none and rejects with its name. */
export async function listenOn(
  bindings: readonly Binding[],
  onConnection: (socket: Socket) => void,
  onError: (error: Error) => void,
): Promise<Listeners> {
  // HTTP allows a client to close its half of the connection after the request.
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
    const reason = whyNot(error, binding);
    throw new Error(`cannot listen on ${describe(binding)}: ${reason}`, { cause: error });
  }
}

function whyNot(error: unknown, binding: Binding): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'another process, or another --web.listen-address, uses this address';
  if (code === 'EADDRNOTAVAIL') return 'this host has no such address';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is unknown';
  if (code !== 'EACCES') return messageOf(error);
  if (!('path' in binding)) return 'no permission to use this port';
  // Node reports a missing directory as missing permission.
  const folder = dirname(binding.path);
  return existsSync(folder)
    ? `no permission to create a socket in ${folder}`
    : `directory ${folder} does not exist`;
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
  // An inherited Unix socket: Node does not report its path.
  return address === null ? 'unix:' : show(address.port, address.address);
}

function describe(binding: Binding): string {
  if ('path' in binding) return `unix:${binding.path}`;
  return 'fd' in binding ? `the inherited socket ${binding.fd}` : show(binding.port, binding.host);
}

function show(port: number, host = ''): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Until this is set, only the owner can connect: a new socket is not writable for others. */
const socketMode = 0o660;

function openToGroup(path: string): void {
  chmodSync(path, socketMode);
}

/** Removes a socket left behind by another process. Throws if it is in use, or not a socket. */
async function removeStale(path: string): Promise<void> {
  if (!lstatSync(path).isSocket()) throw new Error('the path exists and is not a socket');
  if (await answers(path)) throw new Error('another process is listening on it');
  unlinkSync(path);
}

/** Only a refused connection proves that no process listens. If connecting is denied or the socket is busy, it is in use. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED');
  } finally {
    socket.destroy();
  }
}

/** The first inherited descriptor (sd_listen_fds(3)). */
const firstInherited = 3;

/** The descriptors that systemd passed to this process. Throws with the reason if there are none. */
export function inheritedSockets(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): readonly { readonly fd: number }[] {
  const { LISTEN_PID: receiver, LISTEN_FDS: count = '' } = environment;
  if (receiver === undefined)
    throw new Error(
      '--web.systemd-socket: systemd passed no socket; start the exporter through a .socket unit',
    );
  if (receiver !== String(pid))
    throw new Error(
      `--web.systemd-socket: LISTEN_PID is ${receiver}, but this process is ${pid}; start the exporter through a .socket unit`,
    );
  if (!/^[1-9]\d{0,2}$/.test(count))
    throw new Error(`--web.systemd-socket: expected the number of sockets in LISTEN_FDS, got "${count}"`);
  return Array.from({ length: Number(count) }, (_, at) => ({ fd: firstInherited + at }));
}
