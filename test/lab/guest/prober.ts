import type { Exporter } from './exporter.ts';
import { parseExposition, type Sample } from './exposition.ts';
import type { Lab } from './lab.ts';

export interface Probe {
  /** Seconds since the prober's start. */
  readonly at: number;
  readonly status: number;
  readonly ms: number;
  /** No command of the lab was running when the request was sent or answered. */
  readonly quiet: boolean;
}

export interface Prober {
  readonly probes: readonly Probe[];
  /** Ends it, and leaves the probes in a file of this name, probes.json by default. */
  readonly stop: (file?: string) => void;
}

/** Receives every exposition that was served, with the second of the request. */
export type Watcher = (samples: readonly Sample[], at: number) => void;

/** Scrapes /metrics once a second whatever happens, as Prometheus does: the page must come, and soon, in every state. */
export function startProber(lab: Lab, exporter: Exporter, watch?: Watcher): Prober {
  const startedAt = performance.now();
  const probes: Probe[] = [];
  // A little more than a second: not always at the same distance from the exporter's own beat, which is on the second.
  const timer = setInterval(async () => {
    const at = (performance.now() - startedAt) / 1000;
    const before = lab.isBusy();
    const { status, ms, body } = await exporter.get('/metrics');
    probes.push({ at: Math.round(at), status, ms, quiet: !before && !lab.isBusy() });
    if (status !== 200) return;
    lab.yardstick.matchPage(body.length);
    watch?.(parseExposition(body), at);
  }, 1010);
  return {
    probes,
    stop: (file = 'probes.json') => {
      clearInterval(timer);
      lab.write(file, `${JSON.stringify(probes, null, 1)}\n`);
    },
  };
}

/** How many, how fast, and whether each was answered. */
export function summarizeProbes(probes: readonly Probe[]): string {
  const times = probes.map(({ ms }) => ms).sort((one, other) => one - other);
  const [median = 0, slowest = 0] = [times[Math.floor(times.length / 2)], times.at(-1)];
  const failed = probes.filter(({ status }) => status !== 200).length;
  return `${probes.length} scrapes, median ${median} ms, slowest ${slowest} ms, ${failed} without an answer of 200`;
}
