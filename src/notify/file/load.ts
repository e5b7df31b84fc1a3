import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../../format/error-message.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { FormatName } from '../formats.ts';
import type { Receiver, Route } from '../receiver.ts';
import { type ReceiverEntry, readNotifyFile } from './read.ts';

/** A receiver, and what it takes to get there. */
export interface Endpoint extends Receiver {
  readonly format: FormatName;
  readonly url: URL;
  readonly token?: string;
  /** `user:password` */
  readonly credentials?: string;
  /** PEM */
  readonly ca?: string;
  readonly chatId?: string;
  readonly timeoutMs: number;
}

export interface NotifyConfig {
  readonly receivers: readonly Endpoint[];
  readonly routes: readonly Route[];
}

export interface Loaded {
  /** Absent if there are problems. */
  readonly config?: NotifyConfig;
  /** They contain no secret. */
  readonly problems: readonly string[];
}

/** Reads the file of `--notify.config.file` and the files that it names. Paths in it are relative to its own folder. */
export async function loadNotifyConfig(path: string, findingCodes: readonly string[]): Promise<Loaded> {
  const text = await readBounded(path);
  if (text instanceof Error) return { problems: [`${path}: cannot read the file: ${messageOf(text)}`] };
  const { file, problems } = readNotifyFile(text, path, findingCodes);
  const loaded = await Promise.all(file.receivers.map((entry) => loadEndpoint(entry, dirname(path))));
  const all = [...problems, ...loaded.flatMap((one) => one.problems)];
  const receivers = loaded.flatMap(({ endpoint }) => endpoint ?? []);
  return all.length > 0 ? { problems: all } : { config: { receivers, routes: file.routes }, problems: [] };
}

async function loadEndpoint(
  entry: ReceiverEntry,
  folder: string,
): Promise<{ readonly endpoint?: Endpoint; readonly problems: readonly string[] }> {
  const {
    where,
    hasAddress: _,
    urlFile,
    tokenFile,
    basicAuthFile,
    caFile,
    url: plainUrl,
    ...receiver
  } = entry;
  const problems: string[] = [];
  const read = async (field: string, file: string | undefined): Promise<string | undefined> => {
    if (file === undefined) return undefined;
    const text = await readBounded(resolve(folder, file));
    if (!(text instanceof Error)) return text;
    problems.push(`${where}: ${field}: cannot read the file: ${messageOf(text)}`);
    return undefined;
  };
  const line = async (
    field: string,
    file: string | undefined,
    expects: string,
    isValid: (text: string) => boolean,
  ) => {
    const first = (await read(field, file))?.split(/\r?\n/, 1)[0]?.trim();
    if (first === undefined || isValid(first)) return first;
    problems.push(`${where}: ${field}: expected ${expects} on the first line`);
    return undefined;
  };
  const address = await line('url_file', urlFile, 'an http or https URL', isSecretUrl);
  const token = await line('token_file', tokenFile, 'a token', (text) => /^[\x21-\x7e]+$/.test(text));
  const credentials = await line('basic_auth_file', basicAuthFile, 'USER:PASSWORD', (text) =>
    /^[^:]+:/.test(text),
  );
  const ca = await read('ca_file', caFile);
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
    problems.push(`${where}: ca_file: expected PEM certificates, with a line BEGIN CERTIFICATE`);
  const url = address === undefined ? plainUrl : new URL(address);
  if (url === undefined || problems.length > 0) return { problems };
  return { endpoint: { ...receiver, url, ...omitUndefined({ token, credentials, ca }) }, problems };
}

/** The first line of a file with the address of a service, which is its password. Throws an Error that does not contain it. */
export async function readSecretUrl(path: string): Promise<URL> {
  const text = await readBounded(path);
  if (text instanceof Error) throw new Error(`cannot read the file: ${messageOf(text)}`);
  const first = text.split(/\r?\n/, 1)[0]?.trim() ?? '';
  if (!isSecretUrl(first)) throw new Error('expected an http or https URL on the first line');
  return new URL(first);
}

function isSecretUrl(text: string): boolean {
  return /^https?:\/\/[^\s#]+$/.test(text) && URL.canParse(text);
}

/** More than any such file has. */
const mostBytes = 256 << 10;

async function readBounded(path: string): Promise<string | Error> {
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
