import { readFileSync } from 'node:fs';
import { readLoad, ticksPerSecond } from '../../support/load.ts';

/** Starts to account for this guest's CPU; the function it returns reports, in words. */
export function watchCpu(pid: number): () => string {
  const before = readShares(pid);
  return () => {
    const after = readShares(pid);
    if (before === undefined || after === undefined) return 'CPU: not known';
    const share = (name: 'own' | 'children' | 'idle') =>
      `${((100 * (after[name] - before[name])) / (after.all - before.all)).toFixed(1)} %`;
    return `CPU: the exporter ${share('own')}, its commands ${share('children')}, idle ${share('idle')}`;
  };
}

/** Seconds so far; undefined where the process has ended. */
function readShares(pid: number) {
  try {
    const { ownSeconds, childSeconds } = readLoad(pid);
    // User, nice, system, idle, iowait, … (man 5 proc, /proc/stat).
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    const [, ...all] = line.split(/\s+/).map((ticks) => Number(ticks) / ticksPerSecond);
    return {
      own: ownSeconds,
      children: childSeconds,
      idle: (all[3] ?? 0) + (all[4] ?? 0),
      all: all.reduce((sum, one) => sum + one, 0),
    };
  } catch {
    return undefined;
  }
}
