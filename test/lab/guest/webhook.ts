import { describeLabels, openWebhook, shippedWebhookPort } from '../../../demo/alerting/webhook.ts';
import type { Lab } from './lab.ts';

/** One alert as Alertmanager sent it. */
export interface Notice {
  /** By the monotonic clock of this process, in ms (performance.now). */
  readonly at: number;
  /** The receiver: page, ticket or dead-mans-switch. */
  readonly to: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Notices {
  readonly notices: readonly Notice[];
  readonly close: () => void;
}

/** Keeps all notifications, and lists those that reach people. */
export async function collectNotices(lab: Lab): Promise<Notices> {
  const notices: Notice[] = [];
  const { close } = await openWebhook(shippedWebhookPort, ({ at, to, alerts }) => {
    for (const { status, labels } of alerts) {
      notices.push({ at, to, status, labels });
      if (to !== 'dead-mans-switch') lab.say(`${to}: ${status} ${describeLabels(labels)}`);
    }
  });
  return { notices, close };
}
