import { expect, it } from 'vitest';
import { findingAlerts } from '../../../src/alerting/finding-alerts.ts';
import { severities } from '../../../src/model/finding.ts';
import { rules } from '../../../src/rules/evaluate.ts';

const severitiesOf = (code: string) =>
  findingAlerts.filter(({ codes }) => codes.includes(code)).map(({ severity }) => severity);

it.each(rules)('$code raises its alert at every severity that it may have', (rule) => {
  const expected = severities.filter(
    (severity) => severity === rule.severity || (severity === 'critical' && rule.escalates === true),
  );
  expect(severitiesOf(rule.code)).toEqual(expected);
  const raised = findingAlerts.filter(({ codes }) => codes.includes(rule.code)).map(({ alert }) => alert);
  expect([...new Set(raised)]).toEqual([rule.alert]);
});

it('lets some warnings become critical', () => {
  expect(rules.filter(({ escalates }) => escalates).map(({ code }) => code)).toEqual([
    'pool-inactive',
    'lvm-does-not-report-pool',
    'storage-errors',
    'host-file-system-low',
    'cache-unusable',
    'paths-failed',
    'nearly-full',
    'lvm-refuses-new-volumes',
    'vg-not-changeable',
    'autoextend-no-room',
  ]);
});

it('keeps risks apart, as each is to be dealt with alone', () => {
  const apart = findingAlerts.filter(({ keepsCode }) => keepsCode).map(({ alert }) => alert);
  expect([...new Set(apart)]).toEqual(['ThinPoolRisk']);
});
