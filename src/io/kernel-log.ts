import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Denied, Unavailable } from '../collectors/shared/errors.ts';
import { errnoOf, isDenial } from './errno.ts';

export interface KernelLogOptions {
  /** The clock of the records, in microseconds: CLOCK_MONOTONIC. */
  readonly monotonicUs?: () => number;
  /** The most that one reading takes; the rest waits for the next one. */
  readonly maxRecords?: number;
  readonly maxBytes?: number;
  /** One read of the open file. */
  readonly readRecord?: (file: number, buffer: Buffer) => number;
}

export const kernelLogDevice = '/dev/kmsg';

/** No record is longer (kernel printk.c, CONSOLE_EXT_LOG_MAX); one that does not fit gives EINVAL. */
const recordBytes = 8192;

const defaults: Required<KernelLogOptions> = {
  // hrtime is CLOCK_MONOTONIC, which agrees with the clock of the records but for the drift of a crystal.
  monotonicUs: () => Number(process.hrtime.bigint() / 1000n),
  maxRecords: 16_384,
  maxBytes: 4 << 20,
  readRecord: (file, buffer) => readSync(file, buffer, 0, buffer.length, null),
};

type Chunk =
  | { readonly is: 'record'; readonly text: string }
  | { readonly is: 'end' }
  | { readonly is: 'overrun' };

/**
 * An open /dev/kmsg and the place in it. Each reading gives the records since the one before, the first one all that
 * the kernel still holds (Documentation/ABI/testing/dev-kmsg). No read waits: the device is opened non-blocking.
 */
export class KernelLog {
  readonly #path: string;
  readonly #options: Required<KernelLogOptions>;
  readonly #buffer = Buffer.alloc(recordBytes);
  #file: number | undefined;
  #nextSequence: number | undefined;
  #isAtEnd = false;
  /** When the reading before was begun, by the clock of the records. */
  #readAtUs: number | undefined;

  constructor(path: string, options: KernelLogOptions = {}) {
    this.#path = path;
    this.#options = { ...defaults, ...options };
  }

  /** Throws Denied, or Unavailable where there is no such device. */
  read(): string {
    const nowUs = Math.floor(this.#options.monotonicUs());
    // What a reading left unread, the next one finds: it may be older than the reading before.
    const sinceUs = this.#isAtEnd ? this.#readAtUs : undefined;
    const { text, lost } = this.#readRecords();
    this.#readAtUs = nowUs;
    const header = [
      `#monotonic ${nowUs}`,
      ...(sinceUs === undefined ? [] : [`#since ${sinceUs}`]),
      ...(lost > 0 ? [`#lost ${lost}`] : []),
    ];
    return `${header.join('\n')}\n${text}`;
  }

  /** The latest reading left nothing unread. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** The next reading begins anew, with all that the kernel holds. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#nextSequence = undefined;
    this.#isAtEnd = false;
  }

  #readRecords(): { text: string; lost: number } {
    const { maxRecords, maxBytes } = this.#options;
    let text = '';
    let lost = 0;
    this.#isAtEnd = false;
    for (let count = 0; count < maxRecords && text.length < maxBytes; count += 1) {
      const chunk = this.#readChunk();
      if (chunk.is === 'end') {
        this.#isAtEnd = true;
        break;
      }
      // The kernel has already moved our place to the oldest record it holds.
      if (chunk.is === 'overrun') continue;
      lost += this.#countSkipped(chunk.text);
      text += chunk.text;
    }
    return { text, lost };
  }

  #readChunk(): Chunk {
    try {
      const length = this.#options.readRecord(this.#open(), this.#buffer);
      return length === 0 ? { is: 'end' } : { is: 'record', text: this.#buffer.toString('utf8', 0, length) };
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === 'EAGAIN') return { is: 'end' };
      if (errno === 'EPIPE') return { is: 'overrun' };
      throw explain(error, this.#path);
    }
  }

  #open(): number {
    this.#file ??= openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
    return this.#file;
  }

  /** How many records were overwritten between the one read before and this one. */
  #countSkipped(record: string): number {
    const digits = /^\d+,(?<sequence>\d{1,15}),/.exec(record)?.groups?.['sequence'];
    if (digits === undefined) return 0;
    const sequence = Number(digits);
    const skipped = this.#nextSequence === undefined ? 0 : Math.max(0, sequence - this.#nextSequence);
    this.#nextSequence = sequence + 1;
    return skipped;
  }
}

function explain(error: unknown, path: string): unknown {
  const errno = errnoOf(error);
  if (isDenial(error)) return new Denied(`${path} needs root or CAP_SYSLOG`);
  if (errno === 'ENOENT' || errno === 'ENXIO' || errno === 'ENODEV')
    return new Unavailable(`this host has no ${path}`);
  return error;
}
