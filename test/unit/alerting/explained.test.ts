import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../src/alerting/alert.ts';
import { explanations, withoutExplained } from '../../../src/alerting/explained.ts';
import { alertsOfFindings } from '../../../src/alerting/from-findings.ts';
import { inhibitions } from '../../../src/alerting/prometheus/alertmanager.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { ScriptedHost } from '../../support/scripted.ts';

const finding = (code: string, parts: Partial<Finding> = {}): Finding => ({
  code,
  severity: 'critical',
  pool: 'p',
  resource: 'data',
  summary: 'It is so.',
  advice: 'Do it.',
  since: 1,
  ...parts,
});

const all = (...findings: readonly Finding[]) => alertsOfFindings(findings, { instance: 'host:10058' }, 1);
const raised = (...findings: readonly Finding[]) =>
  withoutExplained(all(...findings), () => false).map(({ labels }) => labels.alertname);

describe('one cause is one page', () => {
  const full = finding('data-full');
  const runsOut = finding('runs-out-in-minutes', { target: 'full' });

  it.each([
    ['a full pool', [full, finding('below-minimum-free'), finding('autoextend-no-room')], ['ThinPoolFull']],
    ['a pool that runs out of space, and is full', [full, runsOut], ['ThinPoolFull']],
    [
      'a pool of which next to nothing is left',
      [runsOut, finding('nearly-full', { target: 'full' })],
      ['ThinPoolRunsOutInMinutes'],
    ],
    [
      'a pool below its minimum free',
      [finding('below-minimum-free'), finding('runs-out-in-minutes', { target: 'minimum_free' })],
      ['ThinPoolBelowMinimumFree'],
    ],
    [
      'a pool below its minimum free, and soon full',
      [finding('below-minimum-free'), runsOut],
      ['ThinPoolBelowMinimumFree', 'ThinPoolRunsOutInMinutes'],
    ],
    [
      'a broken pool',
      [finding('pool-failed', { resource: undefined } as never), finding('below-minimum-free')],
      ['ThinPoolFailed'],
    ],
    [
      'another resource',
      [full, finding('runs-out-in-minutes', { resource: 'metadata', target: 'full' })],
      ['ThinPoolFull', 'ThinPoolRunsOutInMinutes'],
    ],
    ['another pool', [full, { ...runsOut, pool: 'q' }], ['ThinPoolFull', 'ThinPoolRunsOutInMinutes']],
  ] as const)('%s', (_, findings, expected) => {
    expect(raised(...findings)).toEqual(expected);
  });

  it('what was sent before goes on', () => {
    const before = new Set(all(runsOut).map(fingerprint));
    const after = withoutExplained(all(full, runsOut), (alert) => before.has(fingerprint(alert)));
    expect(after.map(({ labels }) => labels.alertname)).toEqual(['ThinPoolFull', 'ThinPoolRunsOutInMinutes']);
  });

  it('a pool that jumps to full', async () => {
    const host = new ScriptedHost(['devices', 'pools', 'volumes']);
    const status = (used: number, mode = 'rw') =>
      `1 20/1024 ${used}/3200 - ${mode} discard_passdown queue_if_no_space - 256 `;
    host.pool('p', status(1000));
    await host.pass(60);
    host.pool('p', status(3200, 'out_of_data_space'));
    for (let second = 0; second < 120; second += 1) {
      await host.pass(1);
      const pages = raised(...host.monitor.current().findings);
      expect(pages.filter((name) => name !== 'ThinPoolFull')).toEqual([]);
    }
    expect(raised(...host.monitor.current().findings)).toEqual(['ThinPoolFull']);
  });
});

it('Alertmanager inhibits the same, if one begins after the other', () => {
  const namesIn = (matchers: readonly string[]): readonly string[] =>
    matchers.flatMap((matcher) => /^alertname =~? "(.*)"$/.exec(matcher)?.[1]?.split('|') ?? []);
  for (const { by, explained, same } of explanations)
    for (const name of by)
      for (const quiet of explained)
        expect(
          inhibitions.some(
            (one) =>
              namesIn(one.loud).includes(name) &&
              namesIn(one.quiet).includes(quiet) &&
              one.same.every((label) => label === 'instance' || same.some((own) => own === label)),
          ),
          `${quiet} by ${name}`,
        ).toBe(true);
});
