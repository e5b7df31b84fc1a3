import type { Needs } from '../collector.ts';

export const lvm2: Omit<Needs, 'tool'> = {
  package: 'lvm2',
  version: {
    of: 'lvm',
    input: { command: ['lvs', '--version'] },
    pattern: /LVM version:\s*(?<version>\S+)/,
  },
};
