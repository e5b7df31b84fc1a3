import type { RaisedAlert } from '../../../src/alerting/alert.ts';
import { allAlertsOfFindings } from '../../../src/alerting/from-findings.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { AlertContent, Notification } from '../../../src/notify/notification.ts';
import type { Receiver } from '../../../src/notify/receiver.ts';

export const minute = 60_000;
export const hour = 60 * minute;

export const full: Finding = {
  code: 'data-full',
  severity: 'critical',
  pool: 'docker-thinpool',
  resource: 'data',
  summary: 'pool docker-thinpool is out of data space; writes are queued',
  advice: 'Run `lvextend -L +8G docker/thinpool`.',
  runbook: 'https://runbooks.example/ThinPoolFull',
};
export const low: Finding = {
  ...full,
  code: 'nearly-full',
  severity: 'warning',
  target: 'full',
  summary: 'pool docker-thinpool has 14% of data left',
};

export const alertsOf = (...findings: readonly Finding[]): readonly RaisedAlert[] =>
  allAlertsOfFindings(findings, { instance: 'db1' }, 1_000_000);

export function makeReceiver(parts: Partial<Receiver> = {}): Receiver {
  return { name: 'phone', repeatMs: 4 * hour, sendsResolved: true, quietHours: [], ...parts };
}

export const content: AlertContent = {
  alert: 'ThinPoolFull',
  severity: 'critical',
  pool: 'vg-pool',
  resource: 'data',
  title: 'Pool vg-pool on db1 is out of data space; writes that need a new block hang or fail',
  runbook: 'https://runbooks.example/ThinPoolFull',
  findings: [
    {
      code: 'data-full',
      summary: 'pool vg-pool is out of data space; writes are queued',
      advice: 'Run `lvextend -L +8G vg/pool`.',
    },
  ],
};

export function makeNotification(parts: Partial<Notification> = {}): Notification {
  return {
    id: '7f6b2f3e-0000-4000-8000-000000000001',
    key: '[["alertname","ThinPoolFull"]]',
    receiver: 'phone',
    status: 'firing',
    count: 1,
    content,
    since: Date.UTC(2026, 10, 30, 5),
    at: Date.UTC(2026, 10, 30, 5, 0, 2),
    ...parts,
  };
}
