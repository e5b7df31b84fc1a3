import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the daemon does with one request: says these bytes and hangs up, or whatever the function does. */
type Behaviour = string | ((connection: Socket) => void);

export function answer(body: string, status = '200 OK'): string {
  return `HTTP/1.1 ${status}\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Says nothing, ever. */
export const hang: Behaviour = () => {};

/** A daemon on a Unix socket that does to each path what the test says, byte for byte, and 404 to the others. */
export class FakeEngine {
  readonly behaviours = new Map<string, Behaviour>();
  /** The first line of each request, in order. */
  readonly requests: string[] = [];
  readonly open = new Set<Socket>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'engine-'));
  readonly path = join(this.#folder, 'docker.sock');
  readonly #server: Server = createServer((connection) => this.#serve(connection));

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.path, resolve));
    return this;
  }

  async close(): Promise<void> {
    for (const connection of this.open) connection.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #serve(connection: Socket): void {
    this.open.add(connection);
    connection.once('close', () => this.open.delete(connection)).on('error', () => {});
    connection.once('data', (request) => {
      const [line = ''] = request.toString('latin1').split('\r\n');
      this.requests.push(line);
      const behaviour =
        this.behaviours.get(line.split(' ')[1] ?? '') ??
        answer('{"message":"page not found"}', '404 Not Found');
      if (typeof behaviour === 'string') connection.end(behaviour);
      else behaviour(connection);
    });
  }
}
