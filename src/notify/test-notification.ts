import type { Notification } from './notification.ts';

/** Shows what a notification looks like, and that it arrives. */
export function testNotification(receiver: string, host: string, id: string, now: number): Notification {
  const title = `Test notification of thinpool-exporter on ${host}; nothing is wrong`;
  return {
    id,
    key: JSON.stringify([
      ['alertname', 'Test'],
      ['instance', host],
    ]),
    receiver,
    status: 'firing',
    count: 1,
    content: {
      alert: 'Test',
      severity: 'info',
      title,
      findings: [
        {
          code: 'test',
          summary: `receiver ${receiver} works`,
          advice: 'Nothing. It was requested with `thinpool-exporter notify`.',
        },
      ],
    },
    since: now,
    at: now,
  };
}
