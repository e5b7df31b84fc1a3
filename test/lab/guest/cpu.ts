import { readFileSync } from 'node:fs';

/** Hundredths of a second, as /proc counts. */
interface Ticks {
  readonly own: number;
  readonly children: number;
  readonly idle: number;
  readonly all: number;
}

/** Starts to count where this guest's CPU goes; the function it returns tells, in words. */
export function watchCpu(pid: number): () => string {
  const before = readTicks(pid);
  return () => {
    const after = readTicks(pid);
    if (before === undefined || after === undefined) return 'CPU: not known';
    const all = after.all - before.all;
    const share = (name: Exclude<keyof Ticks, 'all'>) =>
      `${((100 * (after[name] - before[name])) / all).toFixed(1)} %`;
    return `CPU: the exporter ${share('own')}, its commands ${share('children')}, idle ${share('idle')}`;
  };
}

function readTicks(pid: number): Ticks | undefined {
  try {
    // Fields 14 to 17 of proc(5): user and system time, of itself and of children that were waited for.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? [];
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    const all = line.split(/\s+/).slice(1).map(Number);
    return {
      own: user + system,
      children: childUser + childSystem,
      idle: (all[3] ?? 0) + (all[4] ?? 0),
      all: all.reduce((sum, one) => sum + one, 0),
    };
  } catch {
    return undefined;
  }
}
