import { createHash } from 'node:crypto';
import type { Access, Question, Reading, Way } from '../collectors/collector.ts';
import { reasonOf, Unsupported } from '../collectors/shared/errors.ts';
import { messageOf } from '../format/error-message.ts';
import type { Attempt, Place, Read } from '../io/read.ts';
import type { Fragment } from '../model/facts.ts';
import { known } from '../model/omit-undefined.ts';
import type { FailureReason } from '../model/source-state.ts';
import { keepRecords } from './reuse-records.ts';

export type Ending = { readonly asked?: Asked } & (
  | { readonly outcome: 'ok'; readonly fragment: Fragment; readonly takenAt: number; readonly way: number }
  | { readonly outcome: FailureReason; readonly detail: string }
);

/** The input of a query and its output, if there was any. */
export interface Asked {
  readonly access: Access;
  readonly reading?: Reading;
}

export interface Asking {
  /** Settles by the deadline of each variant tried. Never rejects. */
  readonly ending: Promise<Ending>;
  /** Settles when no child of the query is alive. */
  readonly gone: Promise<void>;
}

export interface AskOptions {
  readonly read: Read;
  readonly source: string;
  readonly timeoutMs: number;
  /** Index of the variant that worked last time. */
  readonly firstWay: number;
  readonly before: Fragment | undefined;
  /** When that was taken, Unix ms. */
  readonly beforeAt?: number | undefined;
}

/**
 * Runs one query: its variants in turn, from the one that worked last time, until the host supports one. If that variant
 * is no longer supported, the next run starts with the first variant again.
 */
export function ask(question: Question, options: AskOptions): Asking {
  const attempts: Attempt[] = [];
  const ending = tryWays(question, options, attempts);
  const gone = ending.then(() => Promise.all(attempts.map((attempt) => attempt.gone))).then(() => undefined);
  return { ending, gone };
}

async function tryWays(question: Question, options: AskOptions, attempts: Attempt[]): Promise<Ending> {
  let ending: Ending = { outcome: 'not-installed', detail: 'not captured' };
  /** Programs that are not installed, with the error message of each. */
  const missing = new Map<string, string>();
  for (const [index, way] of question.ways.entries()) {
    const program = programOf(way.access);
    if (index < options.firstWay || (program !== undefined && missing.has(program))) continue;
    const place: Place = {
      source: options.source,
      key: question.key,
      ...(way.name === undefined ? {} : { way: way.name }),
    };
    const { timeoutMs } = options;
    const attempt = options.read(way.access, place, known({ timeoutMs, leftAloneMs: question.leftAloneMs }));
    attempts.push(attempt);
    const result = await attempt.result;
    // A captured host has only the output of the variant that worked there.
    if (!result.ok && result.reason === 'not-captured') continue;
    const tried = result.ok
      ? understand(result.reading, way, index, options)
      : failed(result.reason, result.detail);
    const asked = result.ok ? { access: way.access, reading: result.reading } : { access: way.access };
    if (program !== undefined && tried !== 'unsupported' && tried.outcome === 'not-installed') {
      // Another variant may need a different program, or none.
      missing.set(program, tried.detail);
      ending = { ...tried, asked };
      continue;
    }
    if (tried !== 'unsupported') return { ...withMissing(tried, [...missing.values()]), asked };
    ending = { outcome: 'exited', detail: 'the tool supports none of the known variants of this query' };
  }
  return ending;
}

function programOf(access: Access): string | undefined {
  return 'command' in access ? access.command[0] : undefined;
}

function withMissing(ending: Ending, missing: readonly string[]): Ending {
  return ending.outcome === 'ok' ? ending : { ...ending, detail: [...missing, ending.detail].join('; ') };
}

function failed(reason: FailureReason | 'not-captured', detail: string): Ending {
  return { outcome: reason === 'not-captured' ? 'not-installed' : reason, detail };
}

function understand(reading: Reading, way: Way, index: number, options: AskOptions): Ending | 'unsupported' {
  try {
    return { outcome: 'ok', fragment: parse(reading, way, options), takenAt: reading.takenAt, way: index };
  } catch (error) {
    return error instanceof Unsupported ? 'unsupported' : toEnding(error);
  }
}

function toEnding(error: unknown): Ending {
  const detail = messageOf(error);
  const outcome = reasonOf(error);
  // A bug in one parser must not stop the other queries.
  return outcome === undefined
    ? { outcome: 'unparseable', detail: `unexpected: ${detail}` }
    : { outcome, detail };
}

/** The digest of the output that each fragment was parsed from. */
const origins = new WeakMap<Fragment, string>();

/**
 * A command with unchanged output yields the same fragment object, so that nothing derived from it is computed again. Other
 * inputs are excluded, because their parsers depend on the time or on earlier output.
 */
function parse(reading: Reading, way: Way, { before, beforeAt }: AskOptions): Fragment {
  if (!('command' in way.access)) return way.parse(reading, before, beforeAt);
  const origin = originOf(reading, way.access.command);
  if (before !== undefined && origins.get(before) === origin) return before;
  const fragment = keepRecords(before, way.parse(reading, before, beforeAt));
  origins.set(fragment, origin);
  return fragment;
}

function originOf({ stdout, stderr, exitCode }: Reading, command: readonly string[]): string {
  const rest = JSON.stringify([command, exitCode, stderr]);
  return createHash('sha1').update(rest).update(stdout).digest('base64');
}
