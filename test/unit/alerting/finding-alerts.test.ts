import { expect, it } from 'vitest';
import { findingAlerts } from '../../../src/alerting/finding-alerts.ts';
import { severities } from '../../../src/model/finding.ts';
import { rules } from '../../../src/rules/evaluate.ts';

const severitiesOf = (code: string) =>
  findingAlerts.filter(({ codes }) => codes.includes(code)).map(({ severity }) => severity);

it.each(rules)('$code raises its alert at every severity, which an option may set', (rule) => {
  expect(severitiesOf(rule.code)).toEqual(severities);
  const usual = findingAlerts.filter((one) => one.usual.includes(rule.code));
  const own = severities.filter(
    (severity) => severity === rule.severity || (severity === 'critical' && rule.escalates === true),
  );
  expect(usual.map(({ severity }) => severity)).toEqual(own);
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

it('knows which severities only an option sets', () => {
  const usual = (name: string) =>
    findingAlerts.filter((one) => one.alert === name && one.usual.length > 0).map(({ severity }) => severity);
  expect(usual('ThinPoolFull')).toEqual(['critical']);
  expect(usual('ThinPoolNearlyFull')).toEqual(['critical', 'warning']);
  expect(usual('ThinPoolRisk')).toEqual(['warning', 'info']);
});

it('keeps risks apart, as each is to be dealt with alone', () => {
  const apart = findingAlerts.filter(({ keepsCode }) => keepsCode).map(({ alert }) => alert);
  expect([...new Set(apart)]).toEqual(['ThinPoolRisk']);
});
