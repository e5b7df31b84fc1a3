import type { Finding } from '../../src/model/finding.ts';
import type { Host } from '../../src/model/host.ts';
import { evaluate, type Since } from '../../src/rules/evaluate.ts';
import { type FastPolledPools, noFastPolledPools, planFastPolling } from '../../src/trend/fast-polling.ts';
import { describeTrends, type History, noHistory, updateHistory } from '../../src/trend/history.ts';

/** What an exporter remembers from one poll to the next, and loses with a restart. */
export interface Memory {
  readonly history: History;
  readonly since: Since;
  readonly fastPolled: FastPolledPools;
}

export const noMemory: Memory = { history: noHistory, since: new Map(), fastPolled: noFastPolledPools };

interface Judgement {
  readonly findings: readonly Finding[];
  readonly memory: Memory;
  /** Until the next poll, where the exporter polls faster than configured. */
  readonly intervalMs?: number;
}

/** The exporter's default for --collector.pools.max-fast-polled. */
const maxFastPolled = 8;

/** What the exporter does with each poll, as in src/collect/monitor.ts. */
export function judge(host: Host, before: Memory): Judgement {
  const history = updateHistory(before.history, host);
  const trends = describeTrends(history, host);
  const { findings, since } = evaluate({ host, trends }, before.since);
  const demands = { host, trends, events: new Map(), max: maxFastPolled };
  const fastPolled = planFastPolling(before.fastPolled, demands);
  const [fastest] = [...fastPolled.values()];
  return {
    findings,
    memory: { history, since, fastPolled },
    ...(fastest && { intervalMs: fastest.intervalMs }),
  };
}
