import type { Exporter } from './exporter.ts';
import type { Lab } from './lab.ts';

export interface Probe {
  /** Seconds since the prober's start. */
  readonly at: number;
  readonly status: number;
  readonly ms: number;
}

export interface Prober {
  readonly probes: readonly Probe[];
  /** Ends it, and leaves the probes in probes.json. */
  readonly stop: () => void;
}

/** Scrapes /metrics once a second whatever happens, as Prometheus does: the page must come, and soon, in every state. */
export function startProber(lab: Lab, exporter: Exporter): Prober {
  const startedAt = performance.now();
  const probes: Probe[] = [];
  const timer = setInterval(async () => {
    const at = Math.round((performance.now() - startedAt) / 1000);
    const { status, ms } = await exporter.get('/metrics');
    probes.push({ at, status, ms });
  }, 1000);
  return {
    probes,
    stop: () => {
      clearInterval(timer);
      lab.write('probes.json', `${JSON.stringify(probes, null, 1)}\n`);
    },
  };
}

/** How many, the slowest, and whether each was answered. */
export function summarizeProbes(probes: readonly Probe[]): string {
  const slowest = Math.max(0, ...probes.map(({ ms }) => ms));
  const failed = probes.filter(({ status }) => status !== 200).length;
  return `${probes.length} scrapes, slowest ${slowest} ms, ${failed} without an answer of 200`;
}
