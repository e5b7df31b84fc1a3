import type { Monitor, Trace } from '../collect/monitor.ts';
import { restRatio } from '../collect/pace-snapshots.ts';
import { renderFacts } from '../metrics/exposition.ts';
import type { Snapshot } from '../model/host.ts';
import { secondMs } from '../model/units.ts';
import type { CollectorReport } from '../web/deps.ts';

/** A report says when its data was read: it may be a little behind. */
const longestRestMs = 10 * secondMs;

/**
 * Reports of collectors by name. Each joins the facts of its collector anew, and renders them: that happens at most once
 * per collector and snapshot, and for all of them together in at most a fifth of the time. One report of each collector is
 * kept, none of an unknown name.
 */
export function createReports(
  monitor: Pick<Monitor, 'trace'>,
  latest: () => Snapshot,
  clock: () => number = () => performance.now(),
): (name: string) => Promise<CollectorReport | undefined> {
  const made = new Map<
    string,
    { readonly snapshot: Snapshot; readonly report: Promise<CollectorReport | undefined> }
  >();
  let restUntil = Number.NEGATIVE_INFINITY;
  const make = async (name: string): Promise<CollectorReport | undefined> => {
    const startedAt = clock();
    try {
      const trace = monitor.trace(name);
      return trace && (await describe(trace));
    } finally {
      const now = clock();
      restUntil = Math.max(restUntil, now + Math.min(longestRestMs, restRatio * (now - startedAt)));
    }
  };
  return async (name) => {
    const snapshot = latest();
    if (!snapshot.host.collectors.some((collector) => collector.name === name)) return undefined;
    const before = made.get(name);
    if (before?.snapshot === snapshot || (before !== undefined && clock() < restUntil)) return before.report;
    const report = make(name);
    made.set(name, { snapshot, report });
    report.catch(() => made.delete(name));
    return report;
  };
}

async function describe({ state, lastReads, facts, ownHost }: Trace): Promise<CollectorReport> {
  const outputs = lastReads.map(({ key, lastRead }) => ({ key, ...lastRead }));
  const metrics = await renderFacts({ host: ownHost, findings: [], pending: [], trends: [] }, 'text');
  return { state, outputs, facts, metrics };
}
