import { readFileSync } from 'node:fs';

export interface Load {
  /** CPU seconds of the process itself, user and system. */
  readonly ownSeconds: number;
  /** CPU seconds of its children that have ended. */
  readonly childSeconds: number;
  readonly residentBytes: number;
}

/** USER_HZ: what /proc counts in, on every architecture but alpha and ia64. */
export const ticksPerSecond = 100;

/** What a process has cost so far (man 5 proc, /proc/PID/stat, fields 14 to 17). */
export function readLoad(pid: number): Load {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [own = 0, system = 0, childOwn = 0, childSystem = 0] = fields.slice(11, 15);
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    ownSeconds: (own + system) / ticksPerSecond,
    childSeconds: (childOwn + childSystem) / ticksPerSecond,
    residentBytes: 1024 * Number(resident),
  };
}

/** Memory that no other process shares, unlike the pages of the program's file (man 5 proc, /proc/PID/smaps_rollup). */
export function readPrivateBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return 1024 * Number(/^Private_Dirty:\s+(\d+) kB/m.exec(rollup)?.[1]);
}

/** CPU seconds of the commands of a shell whose last word was `times` (POSIX: its own line, then that of its children). */
export function secondsOfCommands(output: string): number {
  const children = output.trim().split('\n').at(-1) ?? '';
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
}
