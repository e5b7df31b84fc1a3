import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groups } from '../../../alerts/source/groups.ts';
import type { Alert } from '../../../alerts/source/rule.ts';
import { labelsOf } from '../../../src/alerting/labels.ts';
import { anyOf, promtools, run } from './tools.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'alerts');
const amtool = anyOf('checking routes', 'amtool');
const config = join(folder, 'alertmanager.example.yml');

const receiverOf = ({ alert, severity }: Alert): string => {
  if (alert === 'ThinPoolWatchdog') return 'dead-mans-switch';
  return severity === 'critical' ? 'page' : severity === 'warning' ? 'ticket' : 'nobody';
};

describe.each(promtools)('%s', (promtool) => {
  it.each(['thinpool.rules.yml', 'thinpool.rules-without-keep-firing.yml'])(
    'has nothing against %s',
    (name) => {
      expect(run(promtool, ['check', 'rules', join(folder, name)])).toMatch(/SUCCESS: \d+ rules found/);
    },
  );

  it('has nothing against prometheus.example.yml', () => {
    expect(run(promtool, ['check', 'config', 'prometheus.example.yml'], folder)).toContain('is valid');
  });
});

describe.runIf(amtool)('amtool', () => {
  it('has nothing against alertmanager.example.yml', () => {
    expect(run(amtool ?? '', ['check-config', config])).toContain('SUCCESS');
  });

  it.each(
    groups.flatMap(({ alerts }) => alerts).map((alert) => [alert.alert, receiverOf(alert), alert] as const),
  )('routes %s to %s', (name, receiver, alert) => {
    const labels = Object.entries({ alertname: name, instance: 'host:10056', ...labelsOf(alert) });
    run(amtool ?? '', [
      'config',
      'routes',
      'test',
      `--config.file=${config}`,
      `--verify.receivers=${receiver}`,
      ...labels.map(([label, value]) => `${label}=${value}`),
    ]);
  });
});
