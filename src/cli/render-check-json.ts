import type { Snapshot } from '../collect/monitor.ts';
import { judge } from './verdict.ts';

/** The same for programs. `pools` is left out where device-mapper was not read: an empty list would say there are none. */
export function renderCheckJson({ host, findings }: Pick<Snapshot, 'host' | 'findings'>): string {
  const { status, reason } = judge({ host, findings });
  const { takenAt, discovered, pools, sources } = host;
  const content = {
    status,
    ...(reason === undefined ? {} : { reason }),
    takenAt,
    discovered,
    ...(discovered ? { pools } : {}),
    findings,
    sources,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
