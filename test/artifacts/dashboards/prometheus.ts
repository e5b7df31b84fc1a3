import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../demo/ports.ts';
import { run, type ToolName, tool } from '../../support/tools.ts';

/** A series of an answer: times in seconds, values as numbers. */
export interface Answer {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [time: number, value: number])[];
}

export interface Asking {
  readonly now: (expr: string, time: number) => Promise<readonly Answer[]>;
  readonly over: (expr: string, from: number, to: number, step: number) => Promise<readonly Answer[]>;
}

export interface Running extends Asking {
  readonly url: string;
  readonly pid: number;
  readonly close: () => Promise<void>;
}

interface Wishes {
  /** OpenMetrics text to be put into its storage first. */
  readonly history?: string;
  /** The same as a file, where it is long. */
  readonly historyFile?: string;
  readonly config?: object;
  readonly firstPort: number;
  readonly flags?: readonly string[];
  readonly program?: PrometheusName;
}

/** Debian 12's, the last Prometheus 2, and Prometheus 3, to which a sample at the very beginning of a window does not count. */
export const prometheuses = [
  'prometheus',
  'prometheus-2.53',
  'prometheus-3',
] as const satisfies readonly ToolName[];
export type PrometheusName = (typeof prometheuses)[number];

/** A real Prometheus with a storage of its own. */
export async function startPrometheus({
  history,
  historyFile,
  config = {},
  firstPort,
  flags = [],
  program = 'prometheus',
}: Wishes): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'thinpool-prometheus-'));
  const data = join(folder, 'data');
  if (history !== undefined) {
    writeFileSync(join(folder, 'history.txt'), history);
    run(tool('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'history.txt'), data]);
  }
  if (historyFile !== undefined)
    run(tool('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', historyFile, data]);
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const address = `127.0.0.1:${await freePort(firstPort)}`;
  const url = `http://${address}`;
  const server = await startServer({
    program,
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=${address}`,
      ...flags,
    ],
    readyAt: `${url}/-/ready`,
    folder,
  });
  return { url, ...server, ...asking(url) };
}

interface Server {
  readonly program: ToolName;
  readonly args: readonly string[];
  readonly readyAt: string;
  /** Is removed with it. */
  readonly folder: string;
}

/** Starts a program and waits until it is ready. */
export async function startServer({
  program,
  args,
  readyAt,
  folder,
}: Server): Promise<Pick<Running, 'pid' | 'close'>> {
  const child = spawn(tool(program), [...args], { stdio: 'ignore' });
  const close = async (): Promise<void> => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(readyAt, child);
  } catch (error) {
    await close();
    throw error;
  }
  return { pid: child.pid ?? 0, close };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(late);
}

async function untilReady(readyAt: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const response = await fetch(readyAt).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`nothing at ${readyAt} after 30 s`);
}

interface ApiSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

export function asking(url: string): Asking {
  async function ask(path: string, params: Readonly<Record<string, string>>): Promise<readonly Answer[]> {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(params),
      signal: AbortSignal.timeout(30_000),
    });
    const { data, error } = (await response.json()) as {
      data?: { result: readonly ApiSeries[] };
      error?: string;
    };
    if (data === undefined) throw new Error(`${error}: ${params['query']}`);
    return data.result.map(({ metric, value, values = value === undefined ? [] : [value] }) => ({
      labels: metric,
      points: values.map(([time, text]) => [time, number(text)]),
    }));
  }
  return {
    now: (query, time) => ask('query', { query, time: `${time}` }),
    over: (query, from, to, step) =>
      ask('query_range', { query, start: `${from}`, end: `${to}`, step: `${step}` }),
  };
}

function number(text: string): number {
  return text === '+Inf'
    ? Number.POSITIVE_INFINITY
    : text === '-Inf'
      ? Number.NEGATIVE_INFINITY
      : Number(text);
}
