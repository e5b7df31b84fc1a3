import { type Severity, severities } from '../model/finding.ts';
import type { AlertContent, Notification } from './notification.ts';
import type { Receiver } from './receiver.ts';

/** A hundred pools that are sick at once are one message to a person. */
const mostListed = 20;

export interface Origin {
  readonly receivers: readonly Receiver[];
  /** The name of this host. */
  readonly hostName: string;
  readonly newId: () => string;
}

/** The notifications of one moment: what is more to one receiver than it takes at once becomes one that lists them. */
export function combine(added: readonly Notification[], origin: Origin): readonly Notification[] {
  return origin.receivers.flatMap(({ name, mostAtOnce = Number.POSITIVE_INFINITY }) => {
    const own = added.filter(({ receiver }) => receiver === name);
    const firing = own.filter(({ status }) => status === 'firing');
    const over = own.filter(({ status }) => status !== 'firing');
    return [over, firing].flatMap((some) => (some.length > mostAtOnce ? [digestOf(some, origin)] : some));
  });
}

function digestOf(some: readonly Notification[], { hostName, newId }: Origin): Notification {
  const id = newId();
  const [first] = some;
  const { receiver = '', at = 0 } = first ?? {};
  const sorted = some.toSorted((one, other) => rank(one) - rank(other));
  const isFiring = first?.status === 'firing';
  const content: AlertContent = {
    alert: 'Several',
    severity: sorted[0]?.content.severity ?? 'critical',
    title: `${some.length} alerts on ${hostName}${isFiring ? `: ${countsOf(some)}` : ''}`,
    findings: [],
    digest: {
      alerts: sorted.slice(0, mostListed).map(({ key, content: { alert, severity, pool, title } }) => ({
        key,
        alert,
        severity,
        ...(pool !== undefined && { pool }),
        title,
      })),
      more: Math.max(0, some.length - mostListed),
    },
  };
  return {
    id,
    key: JSON.stringify([['digest', id]]),
    receiver,
    status: isFiring ? 'firing' : 'resolved',
    count: Math.min(...some.map(({ count }) => count)),
    content,
    since: Math.min(...some.map(({ since }) => since)),
    at,
  };
}

/** Worst first; those of one severity stay in their order, which is that of urgency. */
function rank({ content: { severity } }: Notification): number {
  return severities.indexOf(severity);
}

const plurals: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  warning: 'warnings',
  info: 'for information',
};

function countsOf(some: readonly Notification[]): string {
  return severities
    .map((severity) => ({
      severity,
      count: some.filter(({ content }) => content.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(
      ({ severity, count }) =>
        `${count} ${count === 1 && severity === 'warning' ? 'warning' : plurals[severity]}`,
    )
    .join(', ');
}
