import type { Pool } from '../../../../src/model/pool.ts';
import type { PoolTrend } from '../../../../src/model/trend.ts';
import { makeHost } from '../../../support/makers.ts';
import { blocks, poolAt, Watch } from '../../trend/fold.ts';
import type { CodeCases } from '../each-code.ts';

/** A pool with 30% left, after a minute in which it grew by this share of itself each second, or did not. */
function filling(perSecond: number): { readonly pool: Pool; readonly trends: readonly PoolTrend[] } {
  const names = { name: 'vg0-data', dmName: 'vg0-data-tpool', vgName: 'vg0', lvName: 'data' };
  const used = (second: number) => blocks * (0.7 - (60 - second) * perSecond);
  const watch = new Watch().follow(0, 60, used, names);
  return { pool: poolAt(60, used(60), names), trends: watch.trend === undefined ? [] : [watch.trend] };
}
const [fast, steady] = [filling(0.008), filling(0)];

export const runningOutCases: CodeCases = {
  'runs-out-in-minutes': {
    fires: makeHost({ takenAt: 60_000, pools: [fast.pool] }),
    firesBy: fast.trends,
    summary:
      'pool vg0-data is out of data space in 37s at the present growth: 18.3 GiB of data left, growing by 500 MiB/s',
    quiet: makeHost({ takenAt: 60_000, pools: [steady.pool] }),
    quietBy: steady.trends,
  },
};
