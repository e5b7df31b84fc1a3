import { type ActiveAlert, alertEvents } from './alert-events.ts';
import { fetchAlerts, fetchExporter } from './exporter-client.ts';
import type { ExporterState } from './exporter-state.ts';
import { poolEvents } from './pool-events.ts';
import type { Event } from './timeline-event.ts';

export interface Watch {
  /** Polls, and reports what has changed. Polls never overlap. */
  readonly look: () => Promise<void>;
  readonly latest: () => ExporterState | undefined;
}

/** Follows the exporter and, if present, Prometheus. A failed poll changes nothing. */
export function openWatch(
  { exporter, prometheus }: { readonly exporter: string; readonly prometheus?: string | undefined },
  tell: (event: Event) => void,
): Watch {
  let state: ExporterState | undefined;
  let alerts: readonly ActiveAlert[] = [];
  let last: Promise<void> = Promise.resolve();
  const look = async () => {
    const [newState, nowAlerts] = await Promise.all([
      fetchExporter(exporter),
      prometheus === undefined ? undefined : fetchAlerts(prometheus),
    ]);
    if (newState && state) for (const event of poolEvents(state, newState)) tell(event);
    if (nowAlerts) for (const event of alertEvents(alerts, nowAlerts)) tell(event);
    state = newState ?? state;
    alerts = nowAlerts ?? alerts;
  };
  return {
    look: () => {
      last = last.then(look);
      return last;
    },
    latest: () => state,
  };
}
