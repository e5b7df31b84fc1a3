import type { DemoHost } from './host.ts';
import { backupGroup, backupPool } from './story/backup.ts';
import { dockerGroup, dockerPool } from './story/docker-thinpool.ts';
import { cycleSeconds, tellingAt } from './story/time.ts';
import { vmsGroup, vmsPool } from './story/vms.ts';
import { loopFiles, loopPool, scratchPool } from './story/without-lvm.ts';

/** The host at this second of the story, which repeats every four minutes. */
export function hostAt(seconds: number): DemoHost {
  const second = seconds % cycleSeconds;
  const telling = tellingAt(seconds);
  return {
    pools: [dockerPool, loopPool, backupPool, scratchPool, vmsPool].map((poolAt) => poolAt(second, telling)),
    groups: [backupGroup, dockerGroup, vmsGroup].map((groupAt) => groupAt(second, telling)),
    docker: { pool: 'docker-thinpool', minimumFreePercent: 10 },
    loopFiles: loopFiles(second),
  };
}
