import type { Host } from '../../../src/model/host.ts';
import type { Pool } from '../../../src/model/pool.ts';
import type { PoolTrend, SpaceTrend } from '../../../src/model/trend.ts';
import { describeTrends, type History, noHistory, updateHistory } from '../../../src/trend/history.ts';
import { makeHost, makePool, makeSpace } from '../../support/makers.ts';

export const blockBytes = 65_536;
export const blocks = 1_000_000;

/** A pool read at this second with a number of data blocks used. */
export function poolAt(second: number, usedBlocks: number, parts: Partial<Pool> = {}): Pool {
  const data = makeSpace(Math.round(usedBlocks), blocks, blockBytes);
  return makePool({ uuid: 'one', statusTakenAt: second * 1000, data, ...parts });
}

/** A watch of pools with a clock that the test turns. */
export class Watch {
  history: History = noHistory;
  host: Host = makeHost();

  see(second: number, ...pools: readonly Pool[]): void {
    this.host = makeHost({ takenAt: second * 1000, pools });
    this.history = updateHistory(this.history, this.host);
  }

  /** Sees a pool every five seconds, as the exporter does by default, used as the function of the second says. */
  follow(from: number, to: number, used: (second: number) => number, parts: Partial<Pool> = {}): this {
    for (let second = from; second <= to; second += 5) this.see(second, poolAt(second, used(second), parts));
    return this;
  }

  get trend(): PoolTrend | undefined {
    return describeTrends(this.history, this.host)[0];
  }

  get data(): SpaceTrend {
    return this.trend?.data ?? { points: [] };
  }

  /** Growth of data in blocks a second. */
  get rate(): number | undefined {
    const { bytesPerSecond } = this.data;
    return bytesPerSecond === undefined ? undefined : bytesPerSecond / blockBytes;
  }
}
