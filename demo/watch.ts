import { type ActiveAlert, alertEvents } from './alert-events.ts';
import { askAlerts, askExporter } from './exporter-client.ts';
import type { Said } from './exporter-state.ts';
import { poolEvents } from './pool-events.ts';
import type { Event } from './timeline-event.ts';

export interface Watch {
  /** Polls, and reports what has changed. Polls never overlap. */
  readonly look: () => Promise<void>;
  readonly latest: () => Said | undefined;
}

/** Follows the exporter and, if present, Prometheus. A failed poll changes nothing. */
export function openWatch(
  { exporter, prometheus }: { readonly exporter: string; readonly prometheus?: string | undefined },
  tell: (event: Event) => void,
): Watch {
  let said: Said | undefined;
  let alerts: readonly ActiveAlert[] = [];
  let last: Promise<void> = Promise.resolve();
  const look = async () => {
    const [nowSaid, nowAlerts] = await Promise.all([
      askExporter(exporter),
      prometheus === undefined ? undefined : askAlerts(prometheus),
    ]);
    if (nowSaid && said) for (const event of poolEvents(said, nowSaid)) tell(event);
    if (nowAlerts) for (const event of alertEvents(alerts, nowAlerts)) tell(event);
    said = nowSaid ?? said;
    alerts = nowAlerts ?? alerts;
  };
  return {
    look: () => {
      last = last.then(look);
      return last;
    },
    latest: () => said,
  };
}
