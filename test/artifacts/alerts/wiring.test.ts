import { describe, expect, it } from 'vitest';
import { openWebhook } from '../../../demo/alerting/webhook.ts';
import { wireAlertmanager, wirePrometheus } from '../../../demo/alerting/wiring.ts';
import { alertmanagerExample } from '../../../src/alerting/prometheus/alertmanager.ts';
import { prometheusExample } from '../../../src/alerting/prometheus/prometheus.ts';

/** The lines that differ, as what was and what is. */
function changes(before: string, after: string): string[] {
  const now = after.split('\n');
  return before
    .split('\n')
    .flatMap((line, index) => (line === now[index] ? [] : [`${line.trim()} => ${now[index]?.trim()}`]));
}

describe('the shipped examples, wired otherwise', () => {
  it('differ in three places of Prometheus, and nowhere else', () => {
    const example = prometheusExample();
    // Addresses of the user that resemble shipped ones stay.
    const places = { exporter: '127.0.0.1:9093', alertmanager: '127.0.0.1:10058', rules: 'other.yml' };
    expect(changes(example, wirePrometheus(example, places))).toEqual([
      '- thinpool.rules.yml => - other.yml',
      '- 127.0.0.1:9093 => - 127.0.0.1:10058',
      '- 127.0.0.1:10058 => - 127.0.0.1:9093',
    ]);
  });

  it('differ in the webhook of Alertmanager, and nowhere else', () => {
    const example = alertmanagerExample();
    const own = changes(example, wireAlertmanager(example, { webhook: 'sink:9099' }));
    expect(own).toEqual(
      ['page', 'ticket', 'dead-mans-switch'].map(
        (name) => `- url: http://127.0.0.1:9099/${name} => - url: http://sink:9099/${name}`,
      ),
    );
  });

  it('are refused if the place to replace is gone: the demo would talk to another server', () => {
    expect(() => wireAlertmanager('receivers: []', { webhook: 'sink:9099' })).toThrow('127.0.0.1:9099');
  });
});

describe('the webhook', () => {
  it('receives what Alertmanager sends, and survives malformed requests', async () => {
    const heard: unknown[] = [];
    const webhook = await openWebhook(0, ({ to, alerts }) => heard.push([to, alerts]));
    const post = (body: string) => fetch(`http://${webhook.address}/page`, { method: 'POST', body });
    expect((await post('hello')).status).toBe(400);
    expect((await post('{"alerts":[{"status":"firing"}]}')).status).toBe(200);
    expect(heard).toEqual([['page', [{ status: 'firing' }]]]);
    webhook.close();
  });
});
