import { setTimeout as pause } from 'node:timers/promises';
import type { Measured } from './exporter.ts';

/** What clients without any manners do to the readings. */
export interface Clients {
  readonly number: number;
  readonly perSecond: number;
  /** How much later than its interval the latest of all queries was started, in seconds, without clients and with them. */
  readonly lateWithout: number;
  readonly lateWith: number;
  /** Findings that came or went meanwhile. */
  readonly changedFindings: readonly string[];
}

const number = 100;
const seconds = 30;
const sampleEveryMs = 500;

/** Names that exist and names that do not, cheap routes and costly ones. */
const paths = [
  '/',
  '/metrics',
  '/-/ready',
  '/api/v1/pools',
  '/api/v1/findings',
  '/api/v1/collectors',
  '/api/v1/collectors/devices',
  '/api/v1/collectors/pools',
  '/api/v1/collectors/volumes',
  '/api/v1/collectors/unknown',
  '/unknown',
];
const accepted = ['text/plain', 'application/openmetrics-text'];

/** A hundred clients, each with the next request as soon as the last one is answered, on every route in turn. */
export async function measureClients({ url }: Pick<Measured, 'url'>): Promise<Clients> {
  const base = url.replace(/\/metrics$/, '');
  const before = await findingsAt(base);
  const lateWithout = await watch(base, performance.now() + seconds * 1000);
  const until = performance.now() + seconds * 1000;
  const seen = new Set(before);
  const clients = Array.from({ length: number }, (_, client) => requestUntil(base, client, until));
  const lateWith = await watch(base, until, seen);
  const requests = (await Promise.all(clients)).reduce((sum, one) => sum + one, 0);
  const after = await findingsAt(base);
  const changed = [...seen, ...after].filter((one) => !before.has(one) || !after.has(one));
  return {
    number,
    perSecond: requests / seconds,
    lateWithout,
    lateWith,
    changedFindings: [...new Set(changed)].sort(),
  };
}

async function requestUntil(base: string, client: number, until: number): Promise<number> {
  let requests = 0;
  while (performance.now() < until) {
    const path = paths[(client + requests) % paths.length] ?? '/';
    const accept = accepted[requests % accepted.length] ?? '*/*';
    const response = await fetch(`${base}${path}`, { headers: { accept } });
    await response.arrayBuffer();
    requests += 1;
  }
  return requests;
}

interface Collectors {
  readonly collectors: readonly {
    readonly name: string;
    readonly intervalMs: number;
    readonly queries: readonly { readonly key: string; readonly startedAt?: number }[];
  }[];
}

/** The longest time between two starts of a query, beyond its interval, in seconds. Collects findings meanwhile. */
async function watch(base: string, until: number, seen?: Set<string>): Promise<number> {
  const startedAt = new Map<string, number>();
  let latest = 0;
  while (performance.now() < until) {
    const { collectors } = (await (await fetch(`${base}/api/v1/collectors`)).json()) as Collectors;
    for (const { name, intervalMs, queries } of collectors)
      for (const { key, startedAt: at } of queries) {
        if (at === undefined) continue;
        const id = `${name}/${key}`;
        latest = Math.max(latest, at - (startedAt.get(id) ?? at) - intervalMs);
        startedAt.set(id, at);
      }
    if (seen !== undefined) for (const finding of await findingsAt(base)) seen.add(finding);
    await pause(sampleEveryMs);
  }
  return latest / 1000;
}

async function findingsAt(base: string): Promise<Set<string>> {
  const { findings } = (await (await fetch(`${base}/api/v1/findings`)).json()) as {
    findings: readonly { readonly code: string; readonly pool?: string; readonly collector?: string }[];
  };
  return new Set(
    findings.map(({ code, pool, collector }) => [code, pool ?? collector ?? ''].join(' ').trim()),
  );
}
