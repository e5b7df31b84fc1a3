import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Tls } from '../access/web-config.ts';

/** Time limits for a client. A scrape takes milliseconds; a slow client is broken or malicious. */
export interface Timeouts {
  /** For the head of a request, and for the TLS handshake. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** During a request, without a byte in either direction. */
  readonly silenceMs: number;
  /** Between requests. Longer than usual scrape intervals, so that no scrape uses a connection that is just closing. */
  readonly idleMs: number;
}

/** Handles HTTP or HTTPS on connections that another part accepted. */
export interface HttpProtocol {
  readonly accept: (socket: Socket) => void;
  /** Finishes current requests, then accepts no more. */
  readonly drain: () => void;
}

/**
 * TLS settings belong to a door. New settings make a new door for new connections; listeners stay, and current requests end
 * under the settings that they began with.
 */
export function createProtocol(app: RequestListener, tls: Tls | undefined, timeouts: Timeouts): HttpProtocol {
  let isOpen = true;
  const handle: RequestListener = (request, response) => {
    if (!isOpen) response.setHeader('Connection', 'close');
    // Its head may have announced a persistent connection.
    response.once('close', () => {
      if (!isOpen) setImmediate(() => server.closeIdleConnections());
    });
    app(request, response);
  };
  const server = tls === undefined ? createServer(options(timeouts), handle) : overTls(handle, tls, timeouts);
  server.timeout = timeouts.silenceMs;
  server.on('clientError', respondMalformed);
  server.on('checkContinue', handle);
  server.on('connect', (_, socket) => respond(socket, 405, 'Method Not Allowed'));
  // It never listens itself. It checks for slow clients only after this event.
  server.emit('listening');
  return {
    accept: (socket) => {
      server.emit('connection', socket);
    },
    drain: () => {
      isOpen = false;
      server.closeIdleConnections();
      setTimeout(() => {
        server.closeAllConnections();
        server.close();
      }, timeouts.requestMs + timeouts.silenceMs).unref();
    },
  };
}

function options({ headersMs, requestMs, idleMs }: Timeouts): ServerOptions {
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    // The delay in enforcing the first two; with Node's default of 30 s they would be pointless.
    connectionsCheckingInterval: Math.min(1000, headersMs),
    maxHeaderSize: 8192,
  };
}

function overTls(handle: RequestListener, { settings, accepts }: Tls, timeouts: Timeouts): Server {
  const server = createTlsServer(
    { ...options(timeouts), ...settings, handshakeTimeout: timeouts.headersMs },
    handle,
  );
  // Before HTTP handles the connection.
  server.prependListener('secureConnection', (socket) => {
    if (!accepts(socket)) socket.destroy();
  });
  return server;
}

const malformed: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Payload Too Large'],
};

/** Responds to input that is no valid request. Errors of the connection itself, such as TLS errors, get no response. */
function respondMalformed(error: Error & { code?: string; rawPacket?: Buffer }, socket: Duplex): void {
  const { code = '' } = error;
  const [status, reason] = malformed[code] ?? [400, 'Bad Request'];
  if (isUnknownMethod(error)) respond(socket, 501, 'Not Implemented');
  else if (code.startsWith('HPE_') || code in malformed) respond(socket, status, reason);
  else socket.destroy();
}

/** Node's parser knows a list of methods, and rejects all others as invalid HTTP. */
function isUnknownMethod({ code, rawPacket }: { code?: string; rawPacket?: Buffer }): boolean {
  return (
    code === 'HPE_INVALID_METHOD' && /^[A-Z]+ \S+ HTTP\/1/.test(rawPacket?.toString('latin1', 0, 8192) ?? '')
  );
}

function respond(socket: Duplex, status: number, reason: string): void {
  if (!socket.writable) socket.destroy();
  else
    socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
      socket.destroy(),
    );
}
