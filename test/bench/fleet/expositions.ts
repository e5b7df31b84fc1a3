import { createExposition } from '../../../src/metrics/exposition.ts';
import type { MetricSet } from '../../../src/metrics/metric-set.ts';
import { minuteMs, secondMs } from '../../../src/model/units.ts';
import { describeTrends } from '../../../src/trend/history.ts';
import { judge, noMemory } from '../../alert-quality/judgement.ts';
import { hostOf, type Place } from './host.ts';

/** What an exporter has polled before the first exposition, so that growth is known. */
const pastMs = 10 * minuteMs;
const pollMs = 30 * secondMs;

/** The expositions of the exporter of a host at some moments, one after the other, by the program's own code. */
export async function expositionsOf(
  place: Place,
  moments: readonly number[],
  set?: MetricSet,
): Promise<readonly Buffer[]> {
  const [first = 0] = moments;
  let memory = noMemory;
  for (let at = first - pastMs; at < first; at += pollMs) ({ memory } = judge(hostOf(place, at), memory));
  const texts: Buffer[] = [];
  for (const [index, at] of moments.entries()) {
    const host = hostOf(place, at);
    const judged = judge(host, memory);
    memory = judged.memory;
    const trends = describeTrends(memory.history, host);
    const snapshot = { host, findings: judged.findings, pending: [], trends, version: index + 1 };
    const render = createExposition(
      () => snapshot,
      '0.1.0',
      () => at,
      set && { set: () => set },
    );
    texts.push(await render('text'));
  }
  return texts;
}

/** Series by name of the metric. */
export function countSeries(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const name = /^[^{ ]+/.exec(line)?.[0] ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
