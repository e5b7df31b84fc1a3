import { expect, it } from 'vitest';
import { watchedVolumes } from '../../../../src/collectors/shared/watched-volumes.ts';
import { makeHost, makePool, makeVolume } from '../../../support/makers.ts';

it('are those of all pools but the excluded, the same list while none has changed', () => {
  const [one, two, three] = ['253:4', '253:5', '253:6'].map((device) => [
    makeVolume(device as `${number}:${number}`),
  ]);
  const pools = [
    makePool({ volumes: one ?? [] }),
    { ...makePool({ volumes: two ?? [] }), excluded: true as const },
    makePool({ volumes: three ?? [] }),
  ];
  const first = watchedVolumes(makeHost({ pools }));
  expect(first.map(({ device }) => device)).toEqual(['253:4', '253:6']);
  expect(watchedVolumes(makeHost({ pools: pools.map((pool) => ({ ...pool })) }))).toBe(first);
  expect(watchedVolumes(makeHost({ pools: pools.slice(0, 1) }))).toEqual(one);
});
