import type { Fragment } from '../model/facts.ts';
import type { Host } from '../model/host.ts';

/** What came back from outside. For `paths` and `kernelLog` only stdout is filled. */
export interface Reading {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** Unix time in ms at which the reading was started: facts are never younger than they claim. */
  readonly takenAt: number;
}

/** What to do with a path: read a small file, resolve a link, or list a directory. Only for kernel file systems and /run. */
export interface PathRead {
  readonly how: 'text' | 'link' | 'list';
  readonly path: string;
}

/**
 * A way to the outside, as data.
 * - `command`: program and fixed arguments, never a shell.
 * - `paths`: stdout is a JSON object from path to content (string; for `list` names joined by newlines), null where there is none.
 * - `process`: stdout is the `/proc/PID/stat` of the process that a pid file names, empty where there is none.
 * - `engine`: GET requests to Docker's Engine API on its Unix socket, one after the other; stdout is the body of each
 *   answer that is good. With `keep`, all but what stands at those places is dropped as it comes: stdout is then a line for
 *   each object, a JSON array of them. Refusals are on stderr, as the docker command prints them, with exit code 1.
 * - `kernelLog`: stdout is every record of /dev/kmsg since the previous reading, after a line `#monotonic <us>` that
 *   tells the clock of the records at the start of the reading, `#since <us>` where all of them are newer than that, by
 *   the same clock, and `#lost <n>` where records were overwritten unread.
 */
export type Access =
  | { readonly command: readonly [string, ...string[]] }
  | { readonly paths: readonly PathRead[] }
  | { readonly process: string }
  | { readonly engine: readonly string[]; readonly keep?: readonly (readonly string[])[] }
  | { readonly kernelLog: string };

/** One way to ask. `name` is part of the fixture's file name; the usual way has none. */
export interface Way {
  readonly name?: string;
  readonly access: Access;
  /** Text to facts, given what the reading before told, which was taken at `beforeAt`. Throws ParseError; Unsupported to have the next way tried; Unavailable where there is nothing to read. */
  readonly parse: (reading: Reading, before: Fragment | undefined, beforeAt?: number) => Fragment;
}

/** One thing asked from the host: one child at a time, its own deadline, its own answer. */
export interface Question {
  /** Unique within the source, stable over time: it is the fixture's file name. */
  readonly key: string;
  /** In order of preference; the first one that the host understands is kept. */
  readonly ways: readonly [Way, ...Way[]];
  /** The dm name of the pool that this asks about: when the answer is late, that pool is. */
  readonly about?: string;
  /** What was decided about how to ask, for people: shown with the source. */
  readonly note?: string;
  /** Why it would do harm to ask now. The question is then shown as held back, and not asked. */
  readonly hold?: string;
  /** Its answer stands until it is too old, also when another question has come to cover it. */
  readonly outlivesAsking?: true;
  /**
   * How long a command past its deadline is left alone, where ending it would not end what it asked a daemon for: the
   * next one would only wait beside that. When it ends after all, the daemon answers again.
   */
  readonly leftAloneMs?: number;
  /**
   * The key of a question of the same source that this one follows: it is asked once after each answer to that one, and
   * never beside it. Of a daemon that hangs one child waits so, not one a question.
   */
  readonly after?: string;
  /** Its own interval, where it is shorter than that of its source. */
  readonly soonerMs?: number;
  /** It is known that since this moment, Unix ms, another answer is due: a reading from before does not count. */
  readonly outdatedAt?: number;
  /** What it tells names things that keep their name: it holds until the next answer, however old it is. */
  readonly lasting?: true;
}

/** What a collector runs or reads on the host. */
export interface Needs {
  /** A program, or what is read where no program is run. */
  readonly tool: string;
  /** The package that has it; absent for what belongs to the kernel. */
  readonly package?: string;
  /** What the collector uses where the tool is missing. */
  readonly otherwise?: string;
  /** How the tool reports its version; absent where the version does not matter. */
  readonly version?: VersionQuery;
}

/** Touches no device. Collectors of one tool share it. */
export interface VersionQuery {
  /** What `doctor` and captures call it. */
  readonly of: string;
  readonly access: Access;
  /** Has a group `version`. */
  readonly pattern: RegExp;
}

/** `lvs and vgs (package lvm2)`, for help and docs. */
export function describeNeeds({ tool, package: name, otherwise }: Needs): string {
  return `${tool}${name === undefined ? '' : ` (package ${name})`}${otherwise === undefined ? '' : `, or ${otherwise}`}`;
}

export interface SourceSettings {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/**
 * A source: what to ask of a host, given what is known of it. Asking about what another source found needs no
 * other mechanism: when the known host changes, the questions do, and new questions are asked at once.
 */
export interface Source {
  /** File, label, option (`--collector.<name>`), fixture folder and docs heading. */
  readonly name: string;
  readonly help: string;
  readonly needs: Needs;
  readonly defaults: SourceSettings;
  /**
   * Its facts name what there is. They are kept past their age limit, so that what was known to be there can be
   * reported as late, missing or sick; they are then no longer exported as facts.
   */
  readonly namesThings?: true;
  /** How many of its readings may run at once, where they could take the place of all others. */
  readonly atOnce?: number;
  readonly questions: (known: Host, choices: Choices, look?: Look) => readonly Question[];
  /** Every name in its facts that a person chose: an anonymous capture replaces them. */
  readonly names?: (facts: Fragment) => readonly (string | undefined)[];
  /** An output without the parts that the exporter does not read, where renaming cannot make those anonymous. */
  readonly redact?: (text: string) => string;
}

/**
 * A watch asks again and again, and may save commands by what it saw before. A single look, which is what is meant where
 * nothing is said, asks everything once, each thing in its own words.
 */
export type Look = 'watch' | 'single';

/** The options that change what sources ask. */
export interface Choices {
  /** Ask LVM for seg_monitor, which starts dmeventd where it does not run: `auto` asks only where it runs and answers. */
  readonly segMonitor: 'auto' | 'on' | 'off';
  /** How Docker is asked; `auto`, which is meant where nothing is said: by its socket where there is no docker command. */
  readonly dockerBy?: 'auto' | 'command' | 'socket';
}

/** Docker's ways as the options want them: by the docker command first, if at all. */
export function dockerWays(
  { dockerBy = 'auto' }: Choices,
  commands: readonly [Way, ...Way[]],
  socket: Way,
): readonly [Way, ...Way[]] {
  if (dockerBy === 'socket') return [socket];
  return dockerBy === 'command' ? commands : [...commands, socket];
}

export function defineSource(source: Source): Source {
  return source;
}
