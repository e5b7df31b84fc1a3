import { expect, it, vi } from 'vitest';
import { configMetrics } from '../../../src/metrics/config.ts';
import { createExposition } from '../../../src/metrics/exposition.ts';
import { accessMetrics } from '../../../src/metrics/web-config.ts';
import type { ConfigState } from '../../../src/model/config-state.ts';
import type { AccessState } from '../../../src/model/web-config-state.ts';
import { makeHost } from '../../support/makers.ts';

const collector = { host: makeHost(), findings: [], pending: [], trends: [], version: 1 };

it('one exposition serves all requests within a second, from one snapshot', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let version = 1;
  const page = createExposition(
    () => ({ ...collector, version }),
    '1.2.3',
    () => 0,
  );
  const first = page('text');
  expect(page('text')).toBe(first);
  expect(page('openmetrics')).not.toBe(first);
  expect((await page('openmetrics')).toString()).toMatch(/# EOF\n$/);
  version = 2;
  const second = page('text');
  expect(second).not.toBe(first);
  vi.advanceTimersByTime(999);
  expect(page('text')).toBe(second);
  vi.advanceTimersByTime(1);
  expect(page('text')).not.toBe(second);
  vi.useRealTimers();
});

it('reports the state of the web configuration, if there is one', async () => {
  let state: AccessState | undefined;
  const text = async () => {
    const page = createExposition(
      () => collector,
      '1.2.3',
      () => 0,
      { access: () => state },
    );
    return (await page('text')).toString();
  };
  for (const { name } of accessMetrics) expect(await text()).not.toContain(name);
  state = { lastReloadWorked: false, lastSuccessAt: 1500, certificateExpiresAt: 9000 };
  const exposition = await text();
  expect(exposition).toContain('\nthinpool_exporter_web_config_last_reload_successful 0\n');
  expect(exposition).toContain('\nthinpool_exporter_web_config_last_reload_success_timestamp_seconds 1.5\n');
  expect(exposition).toContain('\nthinpool_exporter_web_certificate_expiry_timestamp_seconds 9\n');
});

it('reports the state of the options file, if there is one', async () => {
  let state: ConfigState | undefined;
  const text = async () => {
    const page = createExposition(
      () => collector,
      '1.2.3',
      () => 0,
      { options: () => state },
    );
    return (await page('text')).toString();
  };
  for (const { name } of configMetrics) expect(await text()).not.toContain(name);
  state = { lastReloadWorked: false, lastSuccessAt: 2500, waiting: 2 };
  const exposition = await text();
  expect(exposition).toContain('\nthinpool_exporter_config_last_reload_successful 0\n');
  expect(exposition).toContain('\nthinpool_exporter_config_last_reload_success_timestamp_seconds 2.5\n');
  expect(exposition).toContain('\nthinpool_exporter_config_restart_required_options 2\n');
});
