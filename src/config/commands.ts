/** A command of the program; each has its own file or folder in `src/cli`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The arguments after the command; in brackets what may be left out. */
  readonly operands: readonly string[];
  readonly details?: string;
  /** It prints what the program contains. Help leaves out what is read, and how: such options are accepted, as for any command. */
  readonly readsHost?: false;
}

export const commands = [
  {
    name: 'serve',
    summary:
      'Poll the host on a schedule and serve metrics and the status page over HTTP. The default command.',
    operands: [],
  },
  {
    name: 'check',
    summary:
      'Read the host once and report the health of its pools. Exit status: 0 ok, 1 warning, 2 critical, 3 unknown.',
    operands: [],
    details:
      'The exit status follows the monitoring plugin convention. Output that cannot be written is unknown. A host without thin pools is ok; a host without ' +
      'device-mapper, or where it cannot be read, is unknown. If a pool is short of data space, its volumes are read again 2.5 s ' +
      'later to find those that grow; the exit status is that of the first read. With --json, growth has one entry for ' +
      'each such pool: overMs and the fastest volumes (volume, bytesPerSecond, mappedBytes; empty if none grew), or ' +
      'failure if the second read failed. A captured host (--replay) is read only once.',
  },
  {
    name: 'room',
    summary:
      'Read the host once and report whether SIZE fits in POOL. Exit status: 0 fits, 1 fits but is tight or needs an extension, 2 does not fit, 3 unknown.',
    operands: ['POOL', 'SIZE'],
    details:
      'SIZE is what will be written, such as 5GiB, 500M or a number of bytes; every unit is a power of 1024. It is not the size of a ' +
      'thin volume, which takes space only as it is written. POOL is a name as check prints it, a device-mapper name, or ' +
      'VG/LV. SIZE is compared with the data and metadata that are left until the pool is full, until the minimum free of Docker or of ' +
      '--minimum-free, with what LVM can extend the pool by, and with its growth if --sample is given. With --new-volume it ' +
      'also does not fit while LVM refuses new thin volumes and snapshots. What is not known is never reported as ' +
      'fitting: an unknown pool, a wrong SIZE and data that cannot be read end with 3.',
  },
  {
    name: 'plan',
    summary:
      'Read the host once and report what POOL needs so that it does not run out, with the commands to type. Exit status: 0 nothing to change, 1 something to change, 3 unknown.',
    operands: ['POOL'],
    details:
      'Changes nothing. Reports an autoextend threshold and percent that can work with the VG, the metadata that is needed when the data is ' +
      'full, the spare for repairs, and when the next disk is due. For the last, pass --growth or --sample. POOL is a name as check ' +
      'prints it, a device-mapper name, or VG/LV.',
  },
  {
    name: 'top',
    summary:
      'Read the host once and report what would free space in POOL, most first, with the commands to type. Exit status: 0, or 3 if the pool is not known.',
    operands: ['POOL'],
    details:
      'Changes nothing. Lists snapshots, volumes, and used data that no active volume explains, each with what its removal frees: exact, ' +
      'at most (blocks may be shared with snapshots) or at least. Of equal ones the oldest snapshot is first. POOL is a name as check ' +
      'prints it, a device-mapper name, or VG/LV.',
  },
  {
    name: 'textfile',
    summary: "Read the host once and write its metrics to FILE for node_exporter's textfile collector.",
    operands: ['FILE'],
    details:
      'FILE must end in .prom. It is replaced atomically: readers see the old content or the new, never a part. ' +
      'What a single read cannot know, how fast space is used up and since when findings hold, comes from the run before: ' +
      'FILE.state. ' +
      'Samples carry no timestamps, because the textfile collector rejects them; node_textfile_mtime_seconds ' +
      'reports the age of the file.',
  },
  {
    name: 'config',
    summary: 'Print every option with its value and its origin, or check the options of serve with --check.',
    operands: [],
    details: 'Accepts the options of serve.',
  },
  {
    name: 'notify',
    summary:
      'Send a test notification to RECEIVER of --notify.config.file; without RECEIVER, to all. Exit status: 0 accepted, 1 not accepted, 2 invalid.',
    operands: ['[RECEIVER]'],
    readsHost: false,
    details:
      'Routes, quiet hours and the queue of a running exporter are not involved. The receiver gets it from the user who types the command, ' +
      'without the restrictions of the unit.',
  },
  {
    name: 'doctor',
    summary: 'Check the requirements of the exporter and the configuration of the pools, and suggest fixes.',
    operands: [],
    details:
      'Levels: ok; info, to know; skip, not on this host; warn; fail. Exit status: 0 no problems; 1 warnings; 2 something does not work.',
  },
  {
    name: 'capture',
    summary: 'Record the output of every query on this host in DIR, for a bug report or for --replay.',
    operands: ['DIR'],
    details:
      'DIR is created, readable by its user only; if it exists it must be empty. Its parent must exist. If a signal ends the command, what it has written is removed. Review the files before you share them, or use --scramble.',
  },
  {
    name: 'rules',
    summary:
      "Print the alert rules, for Prometheus, the Prometheus operator or vmalert, or an example of Alertmanager's configuration.",
    operands: [],
    readsHost: false,
    details:
      'The rules have the job of --alertmanager.label and the links of --runbook-url. They fire on findings: what ' +
      '--nearly-full.*, --runs-out.within and --lvm-refusal.severity change, every exporter judges by its own options, ' +
      'and the rules stay the same.',
  },
  {
    name: 'dashboards',
    summary: 'Write the Grafana dashboards as JSON files to DIR.',
    operands: ['DIR'],
    readsHost: false,
    details:
      'DIR is created if it does not exist. A file that this command did not write, or that was changed since, is not ' +
      'overwritten: nothing is written then, and the exit status is 1. DIR/thinpool-dashboards.sha256 lists what it wrote.',
  },
  {
    name: 'runbooks',
    summary: 'Print the runbook NAME, an alert such as ThinPoolFull; without NAME, the list of runbooks.',
    operands: ['[NAME]'],
    readsHost: false,
    details: 'A link to another page, such as extend.md, is the runbook extend.',
  },
  {
    name: 'demo',
    summary:
      'Run the exporter on a simulated host whose thin pools fill up, overflow and recover, with Prometheus and ' +
      'Alertmanager if both are installed.',
    operands: [],
    details:
      'Needs neither root nor device-mapper, and reads nothing of this host. Accepts the options of serve. Stop with Ctrl-C.',
  },
] as const satisfies readonly Command[];

/** In place of a command: starts the process that cleans up after a demo. */
export const superviseWord = 'demo-supervisor';

export type CommandName = (typeof commands)[number]['name'];

export function findCommand(name: string): (typeof commands)[number] | undefined {
  return commands.find((command) => command.name === name);
}
