import { createReadStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../demo/ports.ts';
import type { ToolName } from '../../support/tools.ts';
import { asking, type Running, startServer } from './prometheus.ts';

interface Wishes {
  /** OpenMetrics text to be put into its storage first. */
  readonly history?: string;
  /** The same as a file, where it is long. */
  readonly historyFile?: string;
  readonly flags?: readonly string[];
  readonly firstPort: number;
  readonly program: VictoriaMetricsName;
}

/** Debian 12's, and the newest that Debian has. */
export const victoriaMetricses = [
  'victoria-metrics-1.79',
  'victoria-metrics',
] as const satisfies readonly ToolName[];
export type VictoriaMetricsName = (typeof victoriaMetricses)[number];

/** A real VictoriaMetrics with a storage of its own. */
export async function startVictoriaMetrics({
  history,
  historyFile,
  flags = [],
  firstPort,
  program,
}: Wishes): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'thinpool-victoria-'));
  const address = `127.0.0.1:${await freePort(firstPort)}`;
  const url = `http://${address}`;
  const server = await startServer({
    program,
    args: [
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=${address}`,
      '-retentionPeriod=100y',
      // Otherwise it answers with what was written half a minute ago.
      '-search.latencyOffset=0s',
      '-search.disableCache',
      ...flags,
    ],
    readyAt: `${url}/health`,
    folder,
  });
  try {
    if (history !== undefined) await importHistory(url, [history]);
    if (historyFile !== undefined) await importHistory(url, parts(historyFile));
  } catch (error) {
    await server.close();
    throw error;
  }
  return { url, ...server, ...asking(url) };
}

/** It takes the text format of Prometheus, whose times are milliseconds. */
async function importHistory(url: string, history: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const part of history) {
    const samples = part.replaceAll(/^(?<sample>[^#\n].*) (?<seconds>\d+)$/gm, '$<sample> $<seconds>000');
    const { status } = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: samples });
    if (status !== 204) throw new Error(`the import ended with status ${status}`);
  }
  await fetch(`${url}/internal/force_flush`);
}

/** Whole lines, a few MiB at a time. */
async function* parts(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 2 ** 22 })) {
    const text = rest + chunk;
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    yield text.slice(0, end);
  }
  yield rest;
}
