import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '../../format/error-message.ts';

/** Reads the files that one receiver names, and collects what is wrong with them. A problem never quotes what a file has. */
export class Files {
  readonly problems: string[] = [];
  readonly #where: string;
  readonly #folder: string;

  /** Relative paths are relative to the folder. */
  constructor(where: string, folder: string) {
    this.#where = where;
    this.#folder = folder;
  }

  /** The first line of a file. Undefined if there is no such field, or with a problem. */
  async line(
    field: string,
    file: string | undefined,
    expects: string,
    isValid: (text: string) => boolean,
  ): Promise<string | undefined> {
    const first = firstLine(await this.#text(field, file));
    if (first === undefined || isValid(first)) return first;
    this.report(`${field}: expected ${expects} on the first line`);
    return undefined;
  }

  /** Certificates to verify a server's. */
  async certificates(file: string | undefined): Promise<string | undefined> {
    const ca = await this.#text('ca_file', file);
    if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
      this.report('ca_file: expected PEM certificates, with a line BEGIN CERTIFICATE');
    return ca;
  }

  report(problem: string): void {
    this.problems.push(`${this.#where}: ${problem}`);
  }

  async #text(field: string, file: string | undefined): Promise<string | undefined> {
    if (file === undefined) return undefined;
    const text = await readBounded(resolve(this.#folder, file));
    if (!(text instanceof Error)) return text;
    this.report(`${field}: cannot read the file: ${messageOf(text)}`);
    return undefined;
  }
}

/** The first line of a file with the address of a service, which is its password. Throws an Error that does not contain it. */
export async function readSecretUrl(path: string): Promise<URL> {
  const text = await readBounded(path);
  if (text instanceof Error) throw new Error(`cannot read the file: ${messageOf(text)}`);
  const first = firstLine(text) ?? '';
  if (!isSecretUrl(first)) throw new Error('expected an http or https URL on the first line');
  return new URL(first);
}

export function isSecretUrl(text: string): boolean {
  return /^https?:\/\/[^\s#]+$/.test(text) && URL.canParse(text);
}

function firstLine(text: string | undefined): string | undefined {
  return text?.split(/\r?\n/, 1)[0]?.trim();
}

/** More than any such file has. */
const mostBytes = 256 << 10;

export async function readBounded(path: string): Promise<string | Error> {
  try {
    // To open a pipe would wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) return new Error('it is no regular file');
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(mostBytes + 1) });
      if (bytesRead > mostBytes) return new Error(`it is larger than ${mostBytes >> 10} KiB`);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
