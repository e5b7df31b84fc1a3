import { beforeEach, expect, it, vi } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import { FindingLog } from '../../../src/notify/finding-log.ts';
import { makeHost } from '../../support/makers.ts';
import { full, low, minute } from './support.ts';

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn() };
let findings: FindingLog;
let now: number;
beforeEach(() => {
  vi.resetAllMocks();
  findings = new FindingLog(log);
  now = 1_000_000;
});
const update = (...some: readonly Finding[]) =>
  findings.update({ host: makeHost({ takenAt: now }), findings: some });
const calls = () => [log.error, log.warn, log.info].map(({ mock }) => mock.calls.length);

it('logs a finding when it begins, once, with its code as a field', () => {
  update(full);
  now += hour();
  update({ ...full, summary: 'other figures' });
  expect(calls()).toEqual([1, 0, 0]);
  expect(log.error).toHaveBeenCalledWith(
    {
      code: 'data-full',
      severity: 'critical',
      pool: 'docker-thinpool',
      resource: 'data',
      summary: full.summary,
    },
    'Finding reported',
  );
});
const hour = () => 60 * minute;

it('logs the three severities at three levels', () => {
  update(full, low, { ...low, code: 'autoextend-off', severity: 'info' });
  expect(calls()).toEqual([1, 1, 1]);
});

it('logs when the severity changes', () => {
  update(low);
  update({ ...low, severity: 'critical' });
  expect(calls()).toEqual([1, 1, 0]);
});

it('logs the end after a minute, so that one that comes and goes does not flood the log', () => {
  update(full);
  for (let second = 0; second < 50; second += 1) {
    now += 1000;
    update(...(second % 2 === 0 ? [] : [full]));
  }
  expect(calls()).toEqual([1, 0, 0]);
  now += minute;
  update();
  expect(log.info).toHaveBeenCalledWith(
    expect.objectContaining({ code: 'data-full' }),
    'Finding no longer reported',
  );
  now += minute;
  update();
  expect(calls()).toEqual([1, 0, 1]);
  update(full);
  expect(calls()).toEqual([2, 0, 1]);
});
