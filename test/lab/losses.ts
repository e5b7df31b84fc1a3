/** What one check reports about Docker's LVM pool, in a word each. */
export const facts = [
  'pool',
  'policy',
  'monitored',
  'free space in the VG',
  "Docker's minimum free",
  'names',
] as const;
export type Fact = (typeof facts)[number];

/** What an exporter in a container cannot report without one part of the README's `docker run`. */
export interface Loss {
  /** As it stands there. */
  readonly without: string;
  /** What is missing then; docs/guide/container.md has a row for each loss, with these words. */
  readonly lost: readonly Fact[];
  /** How the collectors fare that are not well then. */
  readonly collectors: Readonly<Record<string, string>>;
}

const nothing: Omit<Loss, 'without'> = {
  lost: facts,
  collectors: { devices: 'failed', docker: 'blocked', lvm: 'blocked' },
};

export const losses: readonly Loss[] = [
  { without: '--cap-add SYS_ADMIN', ...nothing },
  { without: "--device-cgroup-rule 'c 10:236 rw'", ...nothing },
  { without: '-v /dev:/dev:ro', ...nothing, collectors: { ...nothing.collectors, kmsg: 'absent' } },
  // The lab's kernel (6.1) takes CAP_SYS_ADMIN in its place, and warns of it (printk.c).
  { without: '--cap-add SYSLOG', lost: [], collectors: {} },
  { without: "--device-cgroup-rule 'c 1:11 r'", lost: [], collectors: { kmsg: 'failed' } },
  {
    without: "--device-cgroup-rule 'b *:* r'",
    lost: ['policy', 'monitored', 'free space in the VG'],
    collectors: {},
  },
  {
    without: '-v /run:/run:ro,rslave',
    lost: ['monitored', "Docker's minimum free", 'names'],
    collectors: { docker: 'absent' },
  },
  {
    without: '-v /run/lock:/run/lock',
    lost: ['policy', 'monitored', 'free space in the VG'],
    collectors: { lvm: 'failed' },
  },
  {
    without: '-v /etc/lvm:/etc/lvm:ro',
    lost: ['policy', 'monitored', 'free space in the VG'],
    collectors: { lvm: 'failed', lvmpolicy: 'failed' },
  },
  { without: '--pid host', lost: ['monitored'], collectors: {} },
];
