import { expect, it } from 'vitest';
import { metricSetOf } from '../../../src/cli/metric-set.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { load } from '../../../src/config/load.ts';
import type { Config } from '../../../src/config/options.ts';

function configOf(...argv: readonly string[]): Config {
  const loaded = load({ argv: ['serve', ...argv], environment: {}, readText: () => '', collectors });
  if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
  return loaded.config;
}

it('is essential, with one detailed volume of each pool, unless options say otherwise', () => {
  expect(metricSetOf(configOf())).toEqual({ set: 'essential', detailedVolumes: 1 });
  expect(metricSetOf(configOf('--metrics.set=all', '--metrics.detailed-volumes=7'))).toEqual({
    set: 'all',
    detailedVolumes: 7,
  });
});
