import { messageOf } from '../../format/error-message.ts';
import type { StateFile } from '../../io/state-file.ts';
import { secondMs } from '../../model/units.ts';

export interface StoreOptions {
  /** Absent: nothing is kept. */
  readonly file?: StateFile;
  readonly log: {
    readonly error: (fields: object, message: string) => void;
    readonly info: (fields: object, message: string) => void;
  };
  /** Called when something was written. */
  readonly saved: () => void;
}

/** A write that takes longer is treated as failed, though it may still succeed. */
const writeMs = 10 * secondMs;
const retryMs = 30 * secondMs;

/** Writes one text at a time to its file: the latest one. A disk that hangs or is full delays nothing but this. */
export class Store {
  readonly #options: StoreOptions;
  #content: (() => string) | undefined;
  #isWriting = false;
  #isLate = false;
  #failure: string | undefined;
  #wanted = 0;
  #written = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /** Why the file does not have what it should have; undefined if all is well. */
  failure(): string | undefined {
    return this.#isLate ? 'writing it does not end' : this.#failure;
  }

  /** Writes this soon, and gives the number of the version. */
  save(content: () => string): number {
    this.#content = content;
    this.#wanted += 1;
    this.#write();
    return this.#wanted;
  }

  /** Whether the version is on the disk, or can never be. */
  has(version: number): boolean {
    return this.#options.file === undefined || version <= this.#written;
  }

  /** Resolves when everything is on the disk, or cannot be written now. */
  async flush(): Promise<void> {
    while (this.#isWriting && this.failure() === undefined)
      await new Promise((resolve) => setTimeout(resolve, 10));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #write(): void {
    const { file } = this.#options;
    if (file === undefined || this.#isWriting || this.#content === undefined) return;
    this.close();
    this.#isWriting = true;
    const version = this.#wanted;
    const late = setTimeout(() => {
      this.#isLate = true;
    }, writeMs);
    file
      .write(this.#content())
      .then(
        () => this.#succeed(version),
        (error: unknown) => this.#fail(error),
      )
      .finally(() => {
        clearTimeout(late);
        this.#isLate = false;
        this.#isWriting = false;
        this.#options.saved();
        if (this.#failure === undefined && this.#written < this.#wanted) this.#write();
      });
  }

  #succeed(version: number): void {
    this.#written = version;
    if (this.#failure !== undefined)
      this.#options.log.info({}, 'The queue of notifications is written again');
    this.#failure = undefined;
  }

  #fail(error: unknown): void {
    const why = messageOf(error);
    if (this.#failure === undefined)
      this.#options.log.error(
        { why },
        'The queue of notifications cannot be written; a restart may lose or repeat some',
      );
    this.#failure = why;
    this.#timer = setTimeout(() => this.#write(), retryMs);
    this.#timer.unref();
  }
}
