import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Denied, Unavailable } from '../collectors/shared/errors.ts';
import { errnoOf, isDenial } from './errno.ts';

export interface KernelLogOptions {
  /** The clock of the records, in microseconds: CLOCK_MONOTONIC. */
  readonly monotonicUs?: () => number;
  /** Limit of one read; the rest is left for the next one. */
  readonly maxRecords?: number;
  readonly maxBytes?: number;
  /** One read of the open file. */
  readonly readRecord?: (file: number, buffer: Buffer) => number;
}

export const kernelLogDevice = '/dev/kmsg';

/** No record is longer (kernel printk.c, CONSOLE_EXT_LOG_MAX); one that does not fit gives EINVAL. */
const recordBytes = 8192;

const defaults: Required<KernelLogOptions> = {
  // hrtime is CLOCK_MONOTONIC, which matches the clock of the records except for oscillator drift.
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
 * An open /dev/kmsg and the position in it. Each read gives the records since the previous one, the first read all that
 * the kernel still has (Documentation/ABI/testing/dev-kmsg). Reads never block: the device is opened non-blocking.
 */
export class KernelLog {
  readonly #path: string;
  readonly #options: Required<KernelLogOptions>;
  readonly #buffer = Buffer.alloc(recordBytes);
  #file: number | undefined;
  #nextSequence: number | undefined;
  #isAtEnd = false;
  /** When the previous query started, by the clock of the records. */
  #readAtUs: number | undefined;

  constructor(path: string, options: KernelLogOptions = {}) {
    this.#path = path;
    this.#options = { ...defaults, ...options };
  }

  /** Throws Denied, or Unavailable if there is no such device. */
  read(): string {
    const nowUs = Math.floor(this.#options.monotonicUs());
    // Records that the previous query left unread may be older than that query.
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

  /** Whether the latest read reached the end. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** The next read starts again with all records that the kernel has. */
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
      // The kernel has already moved the position to the oldest record.
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
  if (isDenial(error)) return new Denied(`${path} requires root or CAP_SYSLOG`);
  if (errno === 'ENOENT' || errno === 'ENXIO' || errno === 'ENODEV')
    return new Unavailable(`${path} does not exist on this host`);
  return error;
}
