import type { PagerProgram } from '../../model/facts.ts';

interface Program {
  /** The process, as the kernel has it: 15 bytes at most. */
  readonly processes: readonly string[];
  readonly program: PagerProgram;
  /** The option that names the folder of its data. */
  readonly option?: RegExp;
  /** The folder without the option: that of its packages, or, where it is relative, the root. */
  readonly folder: string;
}

/** What evaluates alerts or sends them, and keeps for this what a full disk takes away. */
const programs: readonly Program[] = [
  {
    processes: ['prometheus'],
    program: 'Prometheus',
    option: /^--?storage\.(?:tsdb|agent)\.path$/,
    folder: '/var/lib/prometheus',
  },
  {
    processes: ['alertmanager', 'prometheus-aler'],
    program: 'Alertmanager',
    option: /^--?storage\.path$/,
    folder: '/var/lib/prometheus/alertmanager',
  },
  {
    processes: ['victoria-metric', 'victoriametrics'],
    program: 'VictoriaMetrics',
    option: /^--?storageDataPath$/,
    folder: '/var/lib/victoria-metrics',
  },
  { processes: ['vmalert', 'vmalert-prod'], program: 'vmalert', folder: '/' },
  { processes: ['grafana', 'grafana-server'], program: 'Grafana', folder: '/var/lib/grafana' },
];

/** A regular expression for the name of a process as a whole. */
export const processNames: string = programs.flatMap(({ processes }) => processes).join('|');

/** A process is no more one of them if its number was used again. */
export function programOf(process: string): Program | undefined {
  return programs.find(({ processes }) => processes.includes(process));
}
