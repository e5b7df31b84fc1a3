import { join } from 'node:path';
import { expect, it } from 'vitest';
import { labelsOf } from '../../../src/alerting/labels.ts';
import { groups } from '../../../src/alerting/prometheus/groups.ts';
import type { Alert } from '../../../src/alerting/prometheus/rule.ts';
import { describeWith } from '../../support/needs.ts';
import { promtools, run, tool } from '../../support/tools.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'alerts');
const config = join(folder, 'alertmanager.example.yml');

const receiverOf = ({ alert, severity }: Alert): string => {
  if (alert === 'ThinPoolWatchdog') return 'dead-mans-switch';
  return severity === 'critical' ? 'page' : severity === 'warning' ? 'ticket' : 'nobody';
};

for (const promtool of promtools)
  describeWith(promtool)(promtool, () => {
    it.each(['thinpool.rules.yml', 'thinpool.rules-without-keep-firing.yml'])(
      'has nothing against %s',
      (name) => {
        expect(run(tool(promtool), ['check', 'rules', join(folder, name)])).toMatch(
          /SUCCESS: \d+ rules found/,
        );
      },
    );

    it('has nothing against prometheus.example.yml', () => {
      expect(run(tool(promtool), ['check', 'config', 'prometheus.example.yml'], folder)).toContain(
        'is valid',
      );
    });
  });

for (const amtool of ['amtool', 'amtool-sid'] as const)
  describeWith(amtool)(amtool, () => {
    it('has nothing against alertmanager.example.yml', () => {
      expect(run(tool(amtool), ['check-config', config])).toContain('SUCCESS');
    });

    it.each(
      groups.flatMap(({ alerts }) => alerts).map((alert) => [alert.alert, receiverOf(alert), alert] as const),
    )('routes %s to %s', (name, receiver, alert) => {
      const labels = Object.entries({ alertname: name, instance: 'host:10058', ...labelsOf(alert) });
      run(tool(amtool), [
        'config',
        'routes',
        'test',
        `--config.file=${config}`,
        `--verify.receivers=${receiver}`,
        ...labels.map(([label, value]) => `${label}=${value}`),
      ]);
    });
  });
