import { parseArgs } from 'node:util';
import { soak } from './soak.ts';

const daySeconds = 86_400;

/** `npm run bench -- soak --days=30 --seed=1` */
export async function main(words: readonly string[]): Promise<number> {
  const options = {
    days: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
  } as const;
  const { days, seed } = parseArgs({ args: [...words], options }).values;
  const startedAt = performance.now();
  const { heap, ...report } = await soak(Math.round(Number(days) * daySeconds), Number(seed));
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  const heapMb = heap.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ');
  process.stdout.write(`${JSON.stringify(report, null, 1)}\nheap, MB: ${heapMb}\n${minutes} minutes\n`);
  return report.wrongs.length + report.seriesLeft.length + report.childrenLeft === 0 ? 0 : 1;
}
