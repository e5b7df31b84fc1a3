import type { DemoHost } from './host.ts';
import { backupGroup, backupPool } from './story/backup.ts';
import { dockerGroup, dockerPool } from './story/docker-thinpool.ts';
import { proxmoxHostAt } from './story/proxmox.ts';
import { cycleSeconds, tellingAt } from './story/time.ts';
import { vmsGroup, vmsPool } from './story/vms.ts';
import { loopFiles, loopPool, scratchPool } from './story/without-lvm.ts';

export interface Story {
  /** The host at this second of the story, which repeats every four minutes. */
  readonly hostAt: (seconds: number) => DemoHost;
  /** What is said when it begins: with someone who acts, and with no one. */
  readonly tellings: readonly [answered: string, unanswered: string];
  /** Options of the exporter on this host, by flag. */
  readonly settings: Readonly<Record<string, string>>;
}

export const storyNames = ['docker', 'proxmox'] as const;
export type StoryName = (typeof storyNames)[number];

export const stories: Readonly<Record<StoryName, Story>> = {
  docker: {
    hostAt,
    tellings: [
      'the story begins: this time, someone answers the page',
      'the story begins again: this time, no one does',
    ],
    settings: {},
  },
  proxmox: {
    hostAt: (seconds) => proxmoxHostAt(seconds, seconds % cycleSeconds),
    tellings: [
      'the nightly backup begins: this time, someone extends pve/data',
      'the next nightly backup begins: this time, no one comes',
    ],
    // Proxmox VE has no Docker; that of this machine must not be read. Nothing on it reports a minimum free space.
    settings: { 'collector.docker': 'off', 'collector.containers': 'off', 'minimum-free': 'pve-data=10%' },
  },
};

/** The host of the Docker story. */
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
