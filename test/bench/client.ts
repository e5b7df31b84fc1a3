import { once } from 'node:events';
import { connect } from 'node:net';

/** A connection that stays, that requests one exposition after another. */
export interface Client {
  /** Settles when the last byte of a page was there; rejects where the answer was no page. */
  readonly fetch: () => Promise<void>;
  readonly close: () => void;
}

const headEnd = '\r\n\r\n';
/** As a body ends that is sent in parts (RFC 9112, section 7.1). */
const lastPart = '0\r\n\r\n';

/**
 * What arrives lands in one and the same buffer, and of HTTP only as much is understood as shows where a body ends: a client
 * that allocates what it reads waits for its own garbage collection, and would measure that.
 */
export async function openClient(url: string, encoding: 'identity' | 'gzip'): Promise<Client> {
  const { hostname, port, pathname } = new URL(url);
  const query = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nAccept-Encoding: ${encoding}${headEnd}`;
  const buffer = Buffer.alloc(256 * 1024);
  let answer = new Answer();
  let settle = (): void => {};
  let fail = (_: Error): void => {};
  const callback = (length: number): boolean => {
    try {
      if (answer.take(buffer.subarray(0, length))) settle();
    } catch (error) {
      fail(error as Error);
    }
    return true;
  };
  const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer, callback } });
  await once(socket, 'connect');
  socket.on('error', (error) => fail(error));
  socket.on('close', () => fail(new Error('the connection was closed')));
  return {
    fetch: () =>
      new Promise((resolve, reject) => {
        answer = new Answer();
        settle = resolve;
        fail = reject;
        socket.write(query);
      }),
    close: () => socket.destroy(),
  };
}

/** One answer, as it comes in. */
class Answer {
  #head = '';
  #hasHead = false;
  /** Bytes of the body to come; undefined where it is sent in parts. */
  #left: number | undefined;
  #tail = '';

  /** Whether the answer is complete with these bytes. */
  take(bytes: Buffer): boolean {
    return this.#hasHead ? this.#takeBody(bytes) : this.#takeHead(bytes);
  }

  #takeHead(bytes: Buffer): boolean {
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf(headEnd);
    if (end === -1) return false;
    const head = this.#head.slice(0, end);
    if (!head.startsWith('HTTP/1.1 200')) throw new Error(`no page: ${head.split('\r\n')[0]}`);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    this.#left = length === undefined ? undefined : Number(length);
    this.#hasHead = true;
    return this.#takeBody(Buffer.from(this.#head.slice(end + headEnd.length), 'latin1'));
  }

  #takeBody(bytes: Buffer): boolean {
    if (this.#left !== undefined) {
      this.#left -= bytes.length;
      return this.#left === 0;
    }
    this.#tail = (this.#tail + bytes.toString('latin1', Math.max(0, bytes.length - lastPart.length))).slice(
      -lastPart.length,
    );
    return this.#tail === lastPart;
  }
}
