import { expect, it } from 'vitest';
import type { Layer } from '../../../src/model/facts.ts';
import type { Resource } from '../../../src/model/pool.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makePool, makeSpace } from '../../support/makers.ts';
import { hostWith } from './each-code.ts';

const on = (layer: Layer, ...resources: readonly Resource[]) =>
  hostWith({
    stack: resources.map((resource) => ({
      resource,
      depth: 0,
      device: '253:7',
      name: 'under',
      target: layer.target,
      layer,
    })),
  });
const found = (host: Parameters<typeof judgeHost>[0]) =>
  judgeHost(host, new Map(), { debounce: false }).findings.map(({ code, severity }) => `${severity} ${code}`);

it('reports a device under data and metadata once', () => {
  expect(found(on({ target: 'multipath', paths: 2, failedPaths: 2 }, 'data', 'metadata'))).toEqual([
    'critical paths-failed',
  ]);
});

it('distinguishes a cache that needs a check from one that has failed', () => {
  expect(found(on({ target: 'cache', failed: false, readOnly: true, needsCheck: true }, 'data'))).toEqual([
    'warning cache-unusable',
  ]);
  expect(found(on({ target: 'cache', failed: false, readOnly: true, needsCheck: false }, 'data'))).toEqual([
    'warning cache-unusable',
  ]);
});

it('does not blame a loop file for what VDO lacks', () => {
  const vdo = { target: 'vdo', readOnly: false, recovering: false, usedBytes: 50, sizeBytes: 100 } as const;
  const { pools } = on(vdo, 'data');
  const data = { ...makeSpace(5, 10, 65_536), availableBytes: 50 };
  expect(found(hostWith({ ...pools[0], data, counters: makePool().counters! }))).not.toContain(
    'warning host-file-system-low',
  );
});
