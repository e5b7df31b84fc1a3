/** What the program can be asked to do. Each is a file of its own in `src/cli`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What stands after the command, all of it needed. */
  readonly operands: readonly string[];
  readonly details?: string;
}

export const commands = [
  {
    name: 'serve',
    summary: 'Read the host on a schedule and answer on HTTP. The command when none is named.',
    operands: [],
  },
  {
    name: 'check',
    summary: 'Read the host once and tell how its pools are: 0 ok, 1 warning, 2 critical, 3 unknown.',
    operands: [],
    details:
      'The exit code follows the monitoring plugin convention. A host without thin pools is ok; a host on which ' +
      'device-mapper could not be read is unknown. Where a pool is short of data, its volumes are read a second time 2.5 s ' +
      'later, to tell which of them grow; the exit code is that of the first look. In --json, growth has for each such ' +
      'pool overMs and the fastest volumes (volume, bytesPerSecond, mappedBytes; none where none grew), or the failure of ' +
      'the second look. A captured host (--replay) is looked at once.',
  },
  {
    name: 'textfile',
    summary: "Read the host once and write its metrics to FILE, for node_exporter's textfile collector.",
    operands: ['FILE'],
    details:
      'FILE is replaced in one step, so that a reader sees the old content or the new. Its name ends in .prom. ' +
      'No sample has a timestamp: the textfile collector refuses files that have any, and tells the age of a file ' +
      'itself (node_textfile_mtime_seconds).',
  },
  { name: 'config', summary: 'Print every option with its value and where it comes from.', operands: [] },
  {
    name: 'doctor',
    summary: 'Look at what the exporter needs and at how the pools are set up, and say what to do about it.',
    operands: [],
    details: 'Exit code 0: nothing to do; 1: something could be better; 2: something does not work.',
  },
  {
    name: 'capture',
    summary: 'Record every reading of this host in DIR, to attach to a report of a fault or to replay.',
    operands: ['DIR'],
    details: 'DIR is made, or is empty. Look through it before you pass it on, or use --scramble.',
  },
] as const satisfies readonly Command[];

export type CommandName = (typeof commands)[number]['name'];

export function findCommand(name: string): (typeof commands)[number] | undefined {
  return commands.find((command) => command.name === name);
}
