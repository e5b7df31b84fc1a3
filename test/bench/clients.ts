import { setTimeout as pause } from 'node:timers/promises';
import type { Measured } from './exporter.ts';

/** What clients without any manners do to the readings. */
export interface Clients {
  readonly number: number;
  readonly perSecond: number;
  /** Connections that the exporter closed: the slowest readers, when too much is unread. */
  readonly refusedPerSecond: number;
  /** How much later than its interval any query was started, or was still not, in seconds, without clients and with them. */
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
  '/-/healthy',
  '/-/ready',
  '/runbooks',
  '/runbooks/ThinPoolFull',
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
  const without = await watch(base, performance.now() + seconds * 1000);
  const until = performance.now() + seconds * 1000;
  const clients = Array.from({ length: number }, (_, client) => requestUntil(base, client, until));
  const along = await watch(base, until, without.findings);
  const counts = await Promise.all(clients);
  const after = await watch(base, performance.now() + sampleEveryMs, without.findings);
  return {
    number,
    perSecond: counts.reduce((sum, { answered }) => sum + answered, 0) / seconds,
    refusedPerSecond: counts.reduce((sum, { refused }) => sum + refused, 0) / seconds,
    lateWithout: without.late,
    lateWith: Math.max(along.late, after.late),
    changedFindings: [...new Set([...along.changed, ...after.changed])].sort(),
  };
}

interface Counts {
  readonly answered: number;
  readonly refused: number;
}

async function requestUntil(base: string, client: number, until: number): Promise<Counts> {
  let answered = 0;
  let refused = 0;
  while (performance.now() < until) {
    const path = paths[(client + answered + refused) % paths.length] ?? '/';
    const accept = accepted[answered % accepted.length] ?? '*/*';
    try {
      const response = await fetch(`${base}${path}`, { headers: { accept } });
      await response.arrayBuffer();
      answered += 1;
    } catch {
      // If the exporter has ended, the looks at its readings fail, and with them the benchmark.
      refused += 1;
    }
  }
  return { answered, refused };
}

interface Collectors {
  readonly takenAt: number;
  readonly collectors: readonly {
    readonly name: string;
    readonly intervalMs: number;
    readonly queries: readonly {
      readonly key: string;
      readonly startedAt?: number;
      readonly blocked?: string;
    }[];
  }[];
}

interface Watched {
  /** Seconds. */
  readonly late: number;
  /** Those of the first look. */
  readonly findings: ReadonlySet<string>;
  /** Findings that came or went, also if only for one look. */
  readonly changed: ReadonlySet<string>;
}

/** Looks at readings and findings until a moment. `usual`: the findings to compare with, instead of those of the first look. */
async function watch(base: string, until: number, usual?: ReadonlySet<string>): Promise<Watched> {
  const startedAt = new Map<string, number>();
  const changed = new Set<string>();
  let findings = usual;
  let late = 0;
  let lookedAt = 0;
  do {
    const { takenAt, collectors } = (await look(`${base}/api/v1/collectors`)) as Collectors;
    for (const { name, intervalMs, queries } of collectors)
      for (const { key, startedAt: at, blocked } of queries) {
        if (at === undefined || blocked !== undefined) continue;
        const id = `${name}/${key}`;
        // Between two looks that are far apart, a query may have been started more than once.
        const since = takenAt - lookedAt < intervalMs ? (startedAt.get(id) ?? at) : at;
        late = Math.max(late, at - since - intervalMs, takenAt - at - intervalMs);
        startedAt.set(id, at);
      }
    lookedAt = takenAt;
    const present = await findingsAt(base);
    findings ??= present;
    for (const one of present) if (!findings.has(one)) changed.add(one);
    for (const one of findings) if (!present.has(one)) changed.add(one);
    await pause(sampleEveryMs);
  } while (performance.now() < until);
  return { late: late / 1000, findings: findings ?? new Set(), changed };
}

async function findingsAt(base: string): Promise<Set<string>> {
  const { findings } = (await look(`${base}/api/v1/findings`)) as {
    findings: readonly {
      readonly code: string;
      readonly severity: string;
      readonly pool?: string;
      readonly resource?: string;
      readonly collector?: string;
    }[];
  };
  return new Set(
    findings.map(({ code, severity, pool, resource, collector }) =>
      [severity, code, pool ?? collector, resource].filter((part) => part !== undefined).join(' '),
    ),
  );
}

/**
 * @throws {TypeError} if the exporter closes the connection five times in a row, or has ended.
 */
async function look(url: string, attempts = 5): Promise<unknown> {
  try {
    return await (await fetch(url)).json();
  } catch (error) {
    if (attempts === 1) throw error;
    return look(url, attempts - 1);
  }
}
