import { describe, expect, it } from 'vitest';
import { createExposition, renderFacts, renderTextfile } from '../../../src/metrics/exposition.ts';
import type { MetricSet } from '../../../src/metrics/metric-set.ts';
import type { Host } from '../../../src/model/host.ts';
import { makeCollector, makeHost, makePool, makeVolume } from '../../support/makers.ts';

const essential: MetricSet = { set: 'essential', detailedVolumes: 1 };

const page = (parts: Partial<Host>, set = essential) =>
  renderFacts(
    { host: makeHost({ discovered: true, ...parts }), findings: [], pending: [], trends: [] },
    'text',
    set,
  );
const linesOf = async (name: string, parts: Partial<Host>) =>
  (await page(parts)).split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line));

const { failures } = makeCollector();

describe('the essential set', () => {
  it('has the current state of a pool only, and no counts of blocks', async () => {
    const pools = [makePool()];
    expect(await linesOf('thinpool_mode', { pools })).toEqual([
      'thinpool_mode{pool="docker-thinpool",mode="rw"} 1',
    ]);
    expect(await linesOf('thinpool_presence', { pools })).toEqual([
      'thinpool_presence{pool="docker-thinpool",presence="active"} 1',
    ]);
    expect(await linesOf('thinpool_data_blocks', { pools })).toEqual([]);
    expect(await linesOf('thinpool_data_used_bytes', { pools })).toHaveLength(1);
    expect(await page({ pools }, { set: 'all', detailedVolumes: 0 })).toContain(
      'thinpool_data_blocks{pool="docker-thinpool"} 3276800',
    );
  });

  it('has no mode of a pool whose status is unknown', async () => {
    const { counters, state, ...rest } = makePool();
    expect(await linesOf('thinpool_mode', { pools: [rest] })).toEqual([]);
    expect(await linesOf('thinpool_up', { pools: [rest] })).toEqual([
      'thinpool_up{pool="docker-thinpool"} 0',
    ]);
  });

  it('has the state of a collector unless it is ok, and its failures once there are any', async () => {
    const collectors = [
      makeCollector({ name: 'pools', lastDurationMs: 999 }),
      makeCollector({ name: 'volumes', lastDurationMs: 1000 }),
      makeCollector({ name: 'docker', status: 'absent', lastDurationMs: 1 }),
      makeCollector({ name: 'lvm', status: 'failed', failures: { ...failures, 'timed-out': 3 } }),
    ];
    expect(await linesOf('thinpool_collector_up', { collectors })).toEqual([
      'thinpool_collector_up{collector="pools"} 1',
      'thinpool_collector_up{collector="volumes"} 1',
      'thinpool_collector_up{collector="lvm"} 0',
    ]);
    expect(await linesOf('thinpool_collector_status', { collectors })).toEqual([
      'thinpool_collector_status{collector="docker",status="absent"} 1',
      'thinpool_collector_status{collector="lvm",status="failed"} 1',
    ]);
    expect(await linesOf('thinpool_collector_failures_total', { collectors })).toEqual([
      'thinpool_collector_failures_total{collector="lvm",reason="timed-out"} 3',
    ]);
    expect(await linesOf('thinpool_collector_duration_seconds', { collectors })).toEqual([
      'thinpool_collector_duration_seconds{collector="volumes"} 1',
    ]);
    expect(await linesOf('thinpool_collector_stuck_commands', { collectors })).toEqual([]);
  });

  it('has names and mapped space of every volume, a failure while there is one, and the rest of some', async () => {
    const small = { ...makeVolume('253:4'), name: 'small', mappedBytes: 1, state: 'readable' } as const;
    const large = { ...makeVolume('253:5'), name: 'large', mappedBytes: 2, state: 'readable' } as const;
    const failed = { ...makeVolume('253:6'), name: 'failed', state: 'failed' } as const;
    const pools = [makePool({ volumes: [small, large, failed] })];
    expect(await linesOf('thinpool_volume_info', { pools })).toHaveLength(3);
    expect(await linesOf('thinpool_volume_mapped_bytes', { pools })).toHaveLength(2);
    expect(await linesOf('thinpool_volume_failed', { pools })).toEqual([
      'thinpool_volume_failed{pool="docker-thinpool",volume="failed"} 1',
    ]);
    expect(await linesOf('thinpool_volume_size_bytes', { pools })).toEqual([
      'thinpool_volume_size_bytes{pool="docker-thinpool",volume="large"} 1073741824',
    ]);
  });
});

const judged = { host: makeHost(), findings: [], pending: [], trends: [], version: 1 };

it('is chosen anew for each exposition, the process included', async () => {
  let set: MetricSet = essential;
  const own = () =>
    createExposition(
      () => judged,
      '1.2.3',
      () => 0,
      { set: () => set },
    )('text').then(String);
  const few = await own();
  expect(few).toContain('\nthinpool_exporter_build_info{');
  expect(few).toContain('\nprocess_resident_memory_bytes ');
  expect(few).not.toContain('nodejs_gc');
  expect(few).not.toContain('nodejs_active_resources');
  set = { set: 'all', detailedVolumes: 0 };
  expect(await own()).toContain('\nnodejs_active_resources');
});

it('is that of a file, too', async () => {
  const host = makeHost({ discovered: true, pools: [makePool()] });
  const text = await renderTextfile({ ...judged, host }, '1.2.3', 0, essential);
  expect(text).toContain('\nthinpool_data_used_bytes{');
  expect(text).not.toContain('thinpool_data_blocks');
});
