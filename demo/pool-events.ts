import { formatBytes } from '../src/format/bytes.ts';
import { isCounted, type Pool, resources } from '../src/model/pool.ts';
import { criticalOf, type ExporterState, percent } from './exporter-state.ts';
import type { Event } from './timeline-event.ts';

/** One pool, as the exporter reported it at two moments. */
interface Change {
  readonly old: Pool;
  readonly pool: Pool;
  readonly before: ExporterState;
  readonly now: ExporterState;
}

/** Only turning points of the story make a line, not every change of a number. */
const turns: readonly ((change: Change) => readonly Event[])[] = [
  ({ old, pool }) =>
    isPastLowWater(pool) && !isPastLowWater(old)
      ? [doubtful(`${pool.name} passes its low water mark: ${percent(pool.data)} of data used`)]
      : [],
  ({ pool, before, now }) => {
    const known = new Set(criticalOf(before, pool.name).map(({ code }) => code));
    return criticalOf(now, pool.name)
      .filter(({ code }) => !known.has(code))
      .map(({ code, summary }) => ({ tone: 'bad', kind: 'critical', text: `${summary} (${code})` }));
  },
  ({ old, pool }) =>
    resources.flatMap((resource) => {
      const [from, to] = [old[resource]?.sizeBytes, pool[resource]?.sizeBytes];
      if (from === undefined || to === undefined || to <= from) return [];
      return [good(`${pool.name} is extended: ${resource} from ${formatBytes(from)} to ${formatBytes(to)}`)];
    }),
  ({ pool, before, now }) =>
    criticalOf(before, pool.name).length > 0 && criticalOf(now, pool.name).length === 0
      ? [good(`${pool.name} has recovered: no more critical findings`)]
      : [],
];

const doubtful = (text: string): Event => ({ tone: 'doubtful', kind: 'pool', text });
const good = (text: string): Event => ({ tone: 'good', kind: 'pool', text });

/** What happened to the pools between two responses of the exporter. */
export function poolEvents(before: ExporterState, now: ExporterState): readonly Event[] {
  return now.pools.flatMap((pool) => {
    const old = before.pools.find(({ name }) => name === pool.name);
    return old === undefined ? [] : turns.flatMap((turn) => turn({ old, pool, before, now }));
  });
}

function isPastLowWater({ data, table }: Pool): boolean {
  const mark = table?.lowWaterBlocks ?? 0;
  return isCounted(data) && mark > 0 && data.blocks - data.usedBlocks <= mark;
}
