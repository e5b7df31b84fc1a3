import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Tls } from '../access/web-config.ts';

/** How long a client may take. A scrape takes milliseconds: what does not is broken or means harm. */
export interface Patience {
  /** For the head of a request, and as long for the handshake of TLS. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** Without a byte either way, in the midst of a request. */
  readonly silenceMs: number;
  /** Between requests. Longer than any usual scrape interval, or a scrape meets a connection that is just closing. */
  readonly idleMs: number;
}

/** Speaks HTTP, or HTTP over TLS, on connections that others accept. */
export interface Door {
  readonly admit: (socket: Socket) => void;
  /** Lets those inside have their answers, and after that no more. */
  readonly retire: () => void;
}

/**
 * Rules of TLS belong to a door. New rules make a new one, for connections that come from then on: listeners stay, and
 * what is under way ends under the rules under which it began.
 */
export function openDoor(app: RequestListener, tls: Tls | undefined, patience: Patience): Door {
  let isOpen = true;
  const handle: RequestListener = (request, response) => {
    if (!isOpen) response.setHeader('Connection', 'close');
    // Its head may have promised to stay.
    response.once('close', () => {
      if (!isOpen) setImmediate(() => server.closeIdleConnections());
    });
    app(request, response);
  };
  const server = tls === undefined ? createServer(options(patience), handle) : overTls(handle, tls, patience);
  server.timeout = patience.silenceMs;
  server.on('clientError', answerMalformed);
  server.on('checkContinue', handle);
  server.on('connect', (_, socket) => answer(socket, 405, 'Method Not Allowed'));
  // It never listens itself, and looks for clients that are late only from this event on.
  server.emit('listening');
  return {
    admit: (socket) => {
      server.emit('connection', socket);
    },
    retire: () => {
      isOpen = false;
      server.closeIdleConnections();
      setTimeout(() => {
        server.closeAllConnections();
        server.close();
      }, patience.requestMs + patience.silenceMs).unref();
    },
  };
}

function options({ headersMs, requestMs, idleMs }: Patience): ServerOptions {
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    // How late the first two may be noticed; Node's own 30 s would make them pointless.
    connectionsCheckingInterval: Math.min(1000, headersMs),
    maxHeaderSize: 8192,
  };
}

function overTls(handle: RequestListener, { settings, admits }: Tls, patience: Patience): Server {
  const server = createTlsServer(
    { ...options(patience), ...settings, handshakeTimeout: patience.headersMs },
    handle,
  );
  // Before HTTP hears of the connection.
  server.prependListener('secureConnection', (socket) => {
    if (!admits(socket)) socket.destroy();
  });
  return server;
}

const malformed: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Payload Too Large'],
};

/** What never became a request. Errors of the connection itself, TLS among them, are not answered. */
function answerMalformed(error: Error & { code?: string; rawPacket?: Buffer }, socket: Duplex): void {
  const { code = '' } = error;
  const [status, reason] = malformed[code] ?? [400, 'Bad Request'];
  if (isUnknownMethod(error)) answer(socket, 501, 'Not Implemented');
  else if (code.startsWith('HPE_') || code in malformed) answer(socket, status, reason);
  else socket.destroy();
}

/** Node's parser knows a list of methods, and takes all else for no HTTP. */
function isUnknownMethod({ code, rawPacket }: { code?: string; rawPacket?: Buffer }): boolean {
  return (
    code === 'HPE_INVALID_METHOD' && /^[A-Z]+ \S+ HTTP\/1/.test(rawPacket?.toString('latin1', 0, 8192) ?? '')
  );
}

function answer(socket: Duplex, status: number, reason: string): void {
  if (!socket.writable) socket.destroy();
  else
    socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
      socket.destroy(),
    );
}
