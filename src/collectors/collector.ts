import type { PartialFacts } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { Scrambling } from './shared/scrambling.ts';

/** The output of one query. For `paths` and `kernelLog` only stdout is filled. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** Unix time in ms at which the query was started, so that facts are never older than they claim. */
  readonly takenAt: number;
}

/** What to do with a path: read a small file, resolve a link, or list a directory. Only for kernel file systems and /run. */
export interface PathRead {
  readonly how: 'text' | 'link' | 'list';
  readonly path: string;
  /** A longer text is left out; absent: 64 KiB. */
  readonly maxBytes?: number;
}

/**
 * The input of a query, as data.
 * - `command`: program and fixed arguments, never a shell.
 * - `paths`: stdout is a JSON object from path to content (string; for `list` names joined by newlines), null if it does not exist.
 * - `process`: stdout is the `/proc/PID/stat` of the process that a PID file names, empty if there is none.
 * - `engine`: sequential GET requests to Docker's Engine API on its Unix socket; stdout is the bodies of the successful
 *   responses. With `keep`, only the values at those paths are kept: stdout is then one line per object, a JSON array of
 *   its values. Errors are on stderr, as the docker command prints them, with exit code 1.
 * - `kernelLog`: stdout is every record of /dev/kmsg since the previous query, after a line `#monotonic <us>` with the
 *   clock of the records at the start of the query, `#since <us>` if all of them are newer than that, by the same clock, and `#lost <n>` if records were
 *   overwritten before they were read.
 */
export type Input =
  | { readonly command: readonly [string, ...string[]] }
  | { readonly paths: readonly PathRead[] }
  | { readonly process: string }
  | { readonly engine: readonly string[]; readonly keep?: readonly (readonly string[])[] }
  | { readonly kernelLog: string };

/** One variant of a query. `name` is part of the fixture's file name; the usual variant has none. */
export interface Variant {
  readonly name?: string;
  readonly input: Input;
  /** What of the host the parser uses besides the output: it runs again when this changes, also for the same output. */
  readonly given?: string;
  /**
   * Text to facts, given the previous facts and when they were read (Unix ms). Throws ParseError, Unsupported (the next
   * variant is tried), or Unavailable (nothing to read).
   */
  readonly parse: (output: Output, before: PartialFacts | undefined, beforeAt?: number) => PartialFacts;
}

/** A query: at most one child at a time, with its own deadline and its own facts. */
export interface Query {
  /** Unique within the collector and stable over time: it is the fixture's file name. */
  readonly key: string;
  /** In order of preference; the first one that the host supports is used from then on. */
  readonly variants: readonly [Variant, ...Variant[]];
  /** The dm name of the pool that the query is about; the pool counts as late when the query is. */
  readonly about?: string;
  /** The only VG that it is about: what it does not report says nothing about the others. */
  readonly vg?: string;
  /** Which variant was chosen and why, for people; shown with the collector. */
  readonly note?: string;
  /** Why the query could do harm now. It is then blocked: not run, and shown with this reason. */
  readonly blockedBy?: string;
  /** It does not run: others of its collector read what matters of it, or it can wait. It does not count for the collector, and is no problem. */
  readonly rests?: true;
  /** Its facts count until they expire, even if another query covers the same things by then. */
  readonly keepWhenDropped?: true;
  /**
   * How long a command past its deadline is not killed, in ms. For commands that wait for a daemon: killing one would not
   * end the work in the daemon, and the next one would only wait for it too.
   */
  readonly killGraceMs?: number;
  /**
   * The key of a query of the same collector: this one runs once after each success of that one, never concurrently. So
   * only one child waits for a hung daemon, not one per query.
   */
  readonly after?: string;
  /** Its own interval in ms, if shorter than that of its collector. */
  readonly intervalMs?: number;
  /** Unix ms since which the facts are known to be outdated: the query is due if it was started before. */
  readonly staleSince?: number;
  /** Its facts are names and settings, which do not change by themselves: they never expire, and count until the next success. */
  readonly neverExpires?: true;
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
  readonly input: Input;
  /** Has a group `version`. */
  readonly pattern: RegExp;
}

/** `lvs and vgs (package lvm2)`, for help and docs. */
export function describeNeeds({ tool, package: name, otherwise }: Needs): string {
  return `${tool}${name === undefined ? '' : ` (package ${name})`}${otherwise === undefined ? '' : `, or ${otherwise}`}`;
}

export interface CollectorTiming {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/**
 * A collector: the queries to run, given what is known of the host. Following up on what another collector found needs no
 * further mechanism: when the known host changes, so do the queries, and new queries run immediately.
 */
export interface Collector {
  /** File, label, option (`--collector.<name>`), fixture folder and docs heading. */
  readonly name: string;
  readonly help: string;
  /** The tool or file that it requires. */
  readonly needs: Needs;
  readonly defaults: CollectorTiming;
  /**
   * It discovers devices. Its facts are kept past their age limit, so that known devices can be reported as late, missing
   * or sick; they are then no longer exported.
   */
  readonly discovers?: true;
  /** Maximum number of its concurrent queries, if they could otherwise take all slots. */
  readonly maxConcurrent?: number;
  readonly queries: (host: Host, queryOptions: QueryOptions, mode?: PollMode) => readonly Query[];
  /** How an anonymous capture treats its output. */
  readonly scrambling?: Scrambling;
}

/**
 * `watch` polls repeatedly and may batch queries by what it saw before. `once` (default) runs every query once,
 * without batching.
 */
export type PollMode = 'watch' | 'once';

/** The options that change the queries of collectors. */
export interface QueryOptions {
  /** Whether to query LVM for seg_monitor, which starts dmeventd: `auto` does so only while it is running and responsive. */
  readonly segMonitor: 'auto' | 'on' | 'off';
  /** Which VGs LVM reads: all of them (default), or those with thin pools. */
  readonly lvmScope?: 'all' | 'pools';
  /** How to query Docker; `auto` (default): the docker command, or the socket if there is no command. */
  readonly dockerTransport?: 'auto' | 'command' | 'socket';
}

/** The variants of a Docker query that the options allow, the docker command first. */
export function dockerVariants(
  { dockerTransport = 'auto' }: QueryOptions,
  commands: readonly [Variant, ...Variant[]],
  socket: Variant,
): readonly [Variant, ...Variant[]] {
  if (dockerTransport === 'socket') return [socket];
  return dockerTransport === 'command' ? commands : [...commands, socket];
}

export function defineCollector(collector: Collector): Collector {
  return collector;
}
