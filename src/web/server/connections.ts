import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { sharedBodyOf } from '../shared-body.ts';

/** How many clients, and how much they may leave unread. */
export interface Bounds {
  readonly connections: number;
  /** Bytes of answers that wait in memory for clients to read them. */
  readonly unreadBytes: number;
  /** From a request to the end of its answer. */
  readonly answerMs: number;
}

/**
 * All connections of all listeners. Where there are too many, the one goes that has waited longest for its client to ask
 * something; so a crowd of connections that say nothing, or speak slowly, keeps nobody else out.
 */
export interface Crowd {
  readonly join: (socket: Socket) => void;
  /** A request has come in. */
  readonly asked: (socket: Socket, response: ServerResponse) => void;
  readonly size: () => number;
  /** Ends every connection. */
  readonly disperse: () => void;
}

interface Asking {
  readonly socket: Socket;
  readonly since: number;
}

export function gather(bounds: Bounds): Crowd {
  const all = new Map<Id, Socket>();
  /** Both in the order of their waiting. */
  const waiting = new Map<Id, Socket>();
  const asking = new Map<ServerResponse, Asking>();

  function join(socket: Socket): void {
    if (all.size >= bounds.connections) makeRoom();
    const id = idOf(socket);
    all.set(id, socket);
    waiting.set(id, socket);
    socket.once('close', () => forget(id, socket));
    // What goes wrong before a protocol has the connection concerns nobody.
    socket.on('error', () => {});
  }

  function makeRoom(): void {
    const [longest] = waiting.values();
    const [slowest] = asking.values();
    const socket = longest ?? slowest?.socket;
    if (socket === undefined) return;
    // Not when it has closed: more may come before that.
    forget(idOf(socket), socket);
    socket.destroy();
  }

  /** Its address may be another's by now. */
  function forget(id: Id, socket: Socket): void {
    if (all.get(id) !== socket) return;
    all.delete(id);
    waiting.delete(id);
  }

  function asked(socket: Socket, response: ServerResponse): void {
    const id = idOf(socket);
    waiting.delete(id);
    asking.set(response, { socket, since: performance.now() });
    response.once('close', () => {
      asking.delete(response);
      const member = all.get(id);
      if (member !== undefined && !member.destroyed) waiting.set(id, member);
    });
    if (unread() > bounds.unreadBytes) slowestReader()?.destroy();
  }

  function unread(): number {
    const shared = new Set<Buffer>();
    let bytes = 0;
    for (const [response, { socket }] of asking) {
      if (socket.writableLength === 0) continue;
      // Under TLS everybody waits for bytes of his own.
      const body = 'encrypted' in socket ? undefined : sharedBodyOf(response);
      if (body === undefined) bytes += socket.writableLength;
      else shared.add(body);
    }
    for (const body of shared) bytes += body.length;
    return bytes;
  }

  function slowestReader(): Socket | undefined {
    for (const { socket } of asking.values()) if (socket.writableLength > 0) return socket;
    return undefined;
  }

  const sweeping = setInterval(
    () => {
      for (const { socket, since } of asking.values()) {
        if (performance.now() - since < bounds.answerMs) break;
        socket.destroy();
      }
    },
    Math.min(1000, bounds.answerMs),
  );
  sweeping.unref();

  return {
    join,
    asked,
    size: () => all.size,
    disperse: () => {
      clearInterval(sweeping);
      for (const socket of all.values()) socket.destroy();
    },
  };
}

/** Under TLS a request comes from another object than the connection did: they share the addresses of their ends. */
type Id = string | Socket;

function idOf(socket: Socket): Id {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  return remotePort === undefined ? socket : `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
