import { describe, expect, it, vi } from 'vitest';
import { createFactsRenderer } from '../../../src/metrics/render.ts';
import type { Host } from '../../../src/model/host.ts';
import { makeHost, makePool, makeVolume } from '../../support/makers.ts';
import { replayCase } from '../../support/replayed.ts';

const fresh = (host: Host) => createFactsRenderer('text')({ host, findings: [], pending: [], trends: [] });

describe('createFactsRenderer', () => {
  it('says of each of many hosts what a new renderer would', async () => {
    const render = createFactsRenderer('text');
    for (const name of ['lab-healthy', 'lab-queueing', 'lab-empty', 'lab-healthy', 'lab-raw']) {
      const { host, findings } = await replayCase(name);
      expect(await render({ host, findings, pending: [], trends: [] })).toEqual(
        await createFactsRenderer('text')({ host, findings, pending: [], trends: [] }),
      );
    }
  });

  it('notices a value, a label, and an order that change', async () => {
    const render = createFactsRenderer('text');
    const volume = makeVolume('253:4');
    const hosts = [
      [volume],
      [{ ...volume, mappedBytes: 65_536 }],
      [{ ...volume, mappedBytes: 65_536, name: 'other' }],
      [makeVolume('253:5'), volume],
      [volume, makeVolume('253:5')],
    ].map((volumes) => makeHost({ discovered: true, pools: [makePool({ volumes })] }));
    for (const host of hosts)
      expect(await render({ host, findings: [], pending: [], trends: [] })).toEqual(await fresh(host));
  });
});

describe('samples of volumes', () => {
  const volumes = [makeVolume('253:4'), makeVolume('253:5')];
  const trafficOf = (writtenBytes: number) =>
    volumes.map(({ name, device }) => ({ name, device, writtenBytes, discardedBytes: 0 }));
  const hostWith = (parts: Partial<Host>) =>
    makeHost({ discovered: true, pools: [makePool({ volumes })], ...parts });

  it('follow what is known of the volumes besides themselves', async () => {
    const render = createFactsRenderer('text');
    const written = async (parts: Partial<Host>) => {
      const families = await render({ host: hostWith(parts), findings: [], pending: [], trends: [] });
      const family = families.map(String).find((one) => one.includes('thinpool_volume_written_bytes_total'));
      return (family ?? '')
        .split('\n')
        .flatMap((line) => /^[^#].*pool="(.*)",.*\} (.*)$/.exec(line)?.slice(1) ?? []);
    };
    const [first, second] = ['docker-thinpool', 'another'];
    const another = { ...makePool({ volumes: volumes.slice(1) }), name: 'another' };
    expect(await written({ deviceTraffic: trafficOf(1) })).toEqual([first, '1', first, '1']);
    expect(await written({ deviceTraffic: trafficOf(2) })).toEqual([first, '2', first, '2']);
    expect(await written({})).toEqual([]);
    const pools = [makePool({ volumes: volumes.slice(0, 1) }), another];
    expect(await written({ deviceTraffic: trafficOf(3), pools })).toEqual([first, '3', second, '3']);
    expect(await written({ deviceTraffic: trafficOf(3), pools: [another] })).toEqual([second, '3']);
  });

  it('of thousands are followed by a rest', async () => {
    const rests = async (count: number) => {
      const rest = vi.fn(() => Promise.resolve());
      const many = Array.from({ length: count }, (_, at) => makeVolume(`253:${at}`));
      const host = hostWith({ pools: [makePool({ volumes: many })] });
      await createFactsRenderer('text', undefined, rest)({ host, findings: [], pending: [], trends: [] });
      return rest.mock.calls.length;
    };
    expect(await rests(1000)).toBe(0);
    expect(await rests(1001)).toBeGreaterThan(2);
  });
});

describe('pending findings', () => {
  it('are a metric of their own, with the labels of findings', async () => {
    const finding = { code: 'pool-suspended', severity: 'critical', summary: '', advice: '' } as const;
    const pending = [{ ...finding, pool: 'p', since: 0, reportedAt: 1 }];
    const families = await createFactsRenderer('text')({
      host: makeHost(),
      findings: [],
      pending,
      trends: [],
    });
    expect(families.map(String).filter((family) => family.includes('thinpool_finding'))).toEqual([
      expect.stringContaining(
        'thinpool_finding_pending{code="pool-suspended",severity="critical",pool="p",resource="",target="",collector="",vg=""} 1',
      ),
    ]);
  });
});
