import { describe, expect, it } from 'vitest';
import { createFactsRenderer } from '../../../src/metrics/render.ts';
import type { Host } from '../../../src/model/host.ts';
import { makeHost, makePool, makeVolume } from '../../support/makers.ts';
import { replayCase } from '../../support/replayed.ts';

const fresh = (host: Host) => createFactsRenderer('text')({ host, findings: [], trends: [] });

describe('createFactsRenderer', () => {
  it('says of each of many hosts what a new renderer would', async () => {
    const render = createFactsRenderer('text');
    for (const name of ['lab-healthy', 'lab-queueing', 'lab-empty', 'lab-healthy', 'lab-raw']) {
      const { host, findings } = await replayCase(name);
      expect(await render({ host, findings, trends: [] })).toEqual(
        await createFactsRenderer('text')({ host, findings, trends: [] }),
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
      expect(await render({ host, findings: [], trends: [] })).toEqual(await fresh(host));
  });
});
