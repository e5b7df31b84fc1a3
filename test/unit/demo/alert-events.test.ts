import { expect, it } from 'vitest';
import { type ActiveAlert, alertEvents, areAwake, messageEvents } from '../../../demo/alert-events.ts';

const alert = (
  state: ActiveAlert['state'],
  alertname: string,
  rest: Partial<ActiveAlert['labels']> = {},
) => ({
  state,
  patience: 60,
  labels: { alertname, severity: 'warning', pool: 'p', ...rest } as Record<string, string>,
});
const lines = (before: readonly ActiveAlert[], now: readonly ActiveAlert[]) =>
  alertEvents(before, now).map(({ kind, text }) => `${kind} ${text}`);

it('reports each state of an alert once', () => {
  const [pending, firing] = [alert('pending', 'A'), alert('firing', 'A')];
  expect(lines([], [pending])).toEqual(['pending A warning p']);
  expect(lines([pending], [pending])).toEqual([]);
  expect(lines([pending], [firing])).toEqual(['firing A warning p']);
  expect(lines([firing], [])).toEqual(['ended A warning p']);
});

it('omits alerts that never fired, that cannot fire soon, and that notify no one', () => {
  expect(lines([alert('pending', 'A')], [])).toEqual([]);
  const slow = { ...alert('pending', 'B'), patience: 3600 };
  expect(lines([], [slow, alert('firing', 'C', { severity: 'info' })])).toEqual([]);
  expect(lines([slow], [{ ...slow, state: 'firing' }])).toEqual(['firing B warning p']);
});

it('takes alerts of one name for as many as they have labels', () => {
  const one = alert('firing', 'A', { target: 'full' });
  const other = alert('firing', 'A', { target: 'minimum_free' });
  expect(lines([one], [one, other])).toEqual(['firing A warning p minimum_free']);
});

it('waits until Prometheus knows the exporter', () => {
  const dog = alert('firing', 'ThinPoolWatchdog');
  expect(areAwake([])).toBe(false);
  expect(areAwake([dog, alert('pending', 'ThinPoolExporterDown')])).toBe(false);
  expect(areAwake([dog])).toBe(true);
});

it('shows what a page says and where to read on, and of an end that it ended', () => {
  const shown = {
    labels: alert('firing', 'A').labels,
    annotations: { summary: 'full', runbook_url: 'there' },
  };
  const message = (to: string, status: string) => ({ at: 0, to, alerts: [{ ...shown, status }] });
  expect(messageEvents(message('page', 'firing'))).toEqual([
    { tone: 'bad', kind: 'PAGE', text: 'A warning p', more: ['full', 'there'] },
  ]);
  expect(messageEvents(message('ticket', 'resolved'))).toEqual([
    { tone: 'good', kind: 'resolved', text: 'A warning p (ticket)' },
  ]);
  expect(messageEvents(message('dead-mans-switch', 'firing'))).toEqual([]);
});
