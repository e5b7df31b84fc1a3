import { dirname } from 'node:path';
import { messageOf } from '../../format/error-message.ts';
import type { Route } from '../receiver.ts';
import type { Endpoint } from './endpoint.ts';
import { Files, readBounded } from './files.ts';
import { type ReceiverEntry, readNotifyFile } from './read.ts';

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
  { where, load }: ReceiverEntry,
  folder: string,
): Promise<{ readonly endpoint?: Endpoint | undefined; readonly problems: readonly string[] }> {
  const files = new Files(where, folder);
  const endpoint = await load(files);
  const { problems } = files;
  return problems.length > 0 ? { problems } : { endpoint, problems };
}
