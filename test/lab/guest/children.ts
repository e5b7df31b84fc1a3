import { readdirSync, readFileSync } from 'node:fs';
import { processState } from './command.ts';
import type { Lab } from './lab.ts';

/** A command that a program started, as /proc showed it. */
export interface Child {
  readonly pid: number;
  readonly command: string;
  /** Seconds since the watch began. */
  readonly from: number;
  to: number;
  /** The latest state letter. */
  state: string;
}

export interface ChildWatch {
  readonly seconds: () => number;
  /** Every child seen so far, in the order of appearance. Those of a few milliseconds escape it. */
  readonly children: readonly Child[];
  /** Commands that were seen twice at the same moment. */
  readonly twins: readonly string[];
  readonly alive: () => readonly Child[];
  /** Ends it, and leaves what it saw in a file of this name. */
  readonly stop: (file: string) => void;
}

/** Lists a program's children five times a second. */
export function watchChildren(lab: Lab, parent: number): ChildWatch {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const children: Child[] = [];
  const twins: string[] = [];
  let alive: readonly Child[] = [];
  const listChildren = () => {
    alive = readChildren(parent).flatMap(({ pid, command, state }) => {
      // One that is dying has given its memory back, and with it its command line; on stalled storage it stays so.
      const before = alive.find(
        (child) => child.pid === pid && (command === '' || child.command === command),
      );
      if (command === '' && before === undefined) return [];
      const child = before ?? { pid, command, from: seconds(), to: 0, state };
      if (!before) children.push(child);
      return Object.assign(child, { to: seconds(), state });
    });
    const subjects = alive.map(({ command }) => subjectOf(command));
    twins.push(...subjects.filter((subject, index) => subjects.indexOf(subject) !== index));
  };
  const timer = setInterval(listChildren, 200);
  return {
    seconds,
    children,
    twins,
    alive: () => alive,
    stop: (file) => {
      clearInterval(timer);
      const lines = children.map(
        ({ pid, command, from, to, state }) =>
          `${from.toFixed(1)} ${to.toFixed(1)} ${pid} ${state} ${command}\n`,
      );
      lab.write(file, lines.join(''));
    },
  };
}

/**
 * Whatever the variant, LVM's commands are the same query about the host or one VG, and each of docker's
 * commands (info, ps, inspect) is one; dmsetup's differ by what they name.
 */
function subjectOf(command: string): string {
  const about = /filter=\[.*\]\} (?<vg>\S+)$/.exec(command)?.groups?.['vg'] ?? '';
  const program = /^(?:lvs|vgs|docker \S+) /.exec(command)?.[0];
  return program === undefined ? command : `${program}${about}`;
}

function readChildren(parent: number): readonly Pick<Child, 'pid' | 'command' | 'state'>[] {
  const own = readText(parent, 'cmdline');
  return readPids(parent).flatMap((pid) => {
    const state = processState(pid);
    // A zombie has ended; what is still called like its parent has not begun.
    const command = readText(pid, 'cmdline');
    if (state === 'Z' || command === own) return [];
    return [{ pid, command: command.replaceAll('\0', ' ').trim(), state }];
  });
}

/** Cheaper by far than reading every process: the guest has one CPU, and this must not be what it is busy with. */
function readPids(parent: number): readonly number[] {
  const text = readThreads(parent).map((thread) => readText(parent, `task/${thread}/children`));
  return text.join(' ').split(' ').filter(Boolean).map(Number);
}

function readThreads(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readText(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
