import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { sharedBodyOf } from '../shared-body.ts';

/** Limits on the number of clients and on unread responses. */
export interface ConnectionLimits {
  readonly connections: number;
  /** Bytes of responses that wait in memory for clients to read them. */
  readonly unreadBytes: number;
  /** From a request to the end of its response. */
  readonly answerMs: number;
}

/**
 * All connections of all listeners. If there are too many, the one that has been idle longest is closed, so that many
 * silent or slow connections cannot lock out other clients.
 */
export interface ConnectionTracker {
  readonly add: (socket: Socket) => void;
  readonly onRequest: (socket: Socket, response: ServerResponse) => void;
  readonly size: () => number;
  readonly destroyAll: () => void;
}

interface OpenRequest {
  readonly socket: Socket;
  readonly since: number;
}

export function trackConnections(limits: ConnectionLimits): ConnectionTracker {
  const all = new Map<Id, Socket>();
  /** Both in the order in which they began to wait. */
  const idle = new Map<Id, Socket>();
  const requests = new Map<ServerResponse, OpenRequest>();

  function add(socket: Socket): void {
    if (all.size >= limits.connections) makeRoom();
    const id = idOf(socket);
    all.set(id, socket);
    idle.set(id, socket);
    socket.once('close', () => forget(id, socket));
    // Errors before a protocol handles the connection are ignored.
    socket.on('error', () => {});
  }

  function makeRoom(): void {
    const [longest] = idle.values();
    const [slowest] = requests.values();
    const socket = longest ?? slowest?.socket;
    if (socket === undefined) return;
    // Not on close: more connections may arrive before that.
    forget(idOf(socket), socket);
    socket.destroy();
  }

  /** Another connection may have its address by now. */
  function forget(id: Id, socket: Socket): void {
    if (all.get(id) !== socket) return;
    all.delete(id);
    idle.delete(id);
  }

  function onRequest(socket: Socket, response: ServerResponse): void {
    const id = idOf(socket);
    idle.delete(id);
    requests.set(response, { socket, since: performance.now() });
    response.once('close', () => {
      requests.delete(response);
      const member = all.get(id);
      if (member !== undefined && !member.destroyed) idle.set(id, member);
    });
    if (unread() > limits.unreadBytes) slowestReader()?.destroy();
  }

  function unread(): number {
    const shared = new Set<Buffer>();
    let bytes = 0;
    for (const [response, { socket }] of requests) {
      if (socket.writableLength === 0) continue;
      // Under TLS, every client waits for its own bytes.
      const body = 'encrypted' in socket ? undefined : sharedBodyOf(response);
      if (body === undefined) bytes += socket.writableLength;
      else shared.add(body);
    }
    for (const body of shared) bytes += body.length;
    return bytes;
  }

  function slowestReader(): Socket | undefined {
    for (const { socket } of requests.values()) if (socket.writableLength > 0) return socket;
    return undefined;
  }

  const sweeping = setInterval(
    () => {
      for (const { socket, since } of requests.values()) {
        if (performance.now() - since < limits.answerMs) break;
        socket.destroy();
      }
    },
    Math.min(1000, limits.answerMs),
  );
  sweeping.unref();

  return {
    add,
    onRequest,
    size: () => all.size,
    destroyAll: () => {
      clearInterval(sweeping);
      for (const socket of all.values()) socket.destroy();
    },
  };
}

/** Under TLS, the socket of a request is not the socket of the connection. Their addresses are the same. */
type Id = string | Socket;

function idOf(socket: Socket): Id {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  return remotePort === undefined ? socket : `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
