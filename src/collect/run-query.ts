import { createHash } from 'node:crypto';
import type { Input, Output, Query, Variant } from '../collectors/collector.ts';
import { reasonOf, Unsupported } from '../collectors/shared/errors.ts';
import { messageOf } from '../format/error-message.ts';
import type { PendingRead, Place, Read } from '../io/read.ts';
import type { FailureReason } from '../model/collector-state.ts';
import type { PartialFacts } from '../model/facts.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { reuseRecords } from './reuse-records.ts';

export type QueryResult = { readonly lastRead?: LastRead } & (
  | {
      readonly outcome: 'ok';
      readonly facts: PartialFacts;
      readonly takenAt: number;
      readonly variant: number;
    }
  | { readonly outcome: FailureReason; readonly detail: string }
);

/** The input of a query and its output, if there was any. */
export interface LastRead {
  readonly input: Input;
  readonly output?: Output;
}

export interface PendingQuery {
  /** Settles by the deadline of each variant tried. Never rejects. */
  readonly result: Promise<QueryResult>;
  /** Settles when no child of the query is alive. */
  readonly exited: Promise<void>;
}

export interface RunQueryOptions {
  readonly read: Read;
  readonly collector: string;
  readonly timeoutMs: number;
  /** Index of the variant that worked last time. */
  readonly firstVariant: number;
  readonly before: PartialFacts | undefined;
  /** When that was read, Unix ms. */
  readonly beforeAt?: number | undefined;
}

/**
 * Runs one query: its variants in turn, from the one that worked last time, until the host supports one. If that variant
 * is no longer supported, the next run starts with the first variant again.
 */
export function runQuery(query: Query, options: RunQueryOptions): PendingQuery {
  const pending: PendingRead[] = [];
  const result = tryVariants(query, options, pending);
  const exited = result
    .then(() => Promise.all(pending.map((pendingRead) => pendingRead.exited)))
    .then(() => undefined);
  return { result, exited };
}

async function tryVariants(
  query: Query,
  options: RunQueryOptions,
  pending: PendingRead[],
): Promise<QueryResult> {
  let result: QueryResult = { outcome: 'not-installed', detail: 'not captured' };
  /** Programs that are not installed, with the error message of each. */
  const missing = new Map<string, string>();
  for (const [index, variant] of query.variants.entries()) {
    const program = programOf(variant.input);
    if (index < options.firstVariant || (program !== undefined && missing.has(program))) continue;
    const place: Place = {
      collector: options.collector,
      key: query.key,
      ...(variant.name === undefined ? {} : { variant: variant.name }),
    };
    const { timeoutMs } = options;
    const pendingRead = options.read(
      variant.input,
      place,
      omitUndefined({ timeoutMs, killGraceMs: query.killGraceMs }),
    );
    pending.push(pendingRead);
    const read = await pendingRead.result;
    // A captured host has only the output of the variant that worked there.
    if (!read.ok && read.reason === 'not-captured') continue;
    const tried = read.ok
      ? parseResult(read.output, variant, index, options)
      : failed(read.reason, read.detail);
    const lastRead = read.ok ? { input: variant.input, output: read.output } : { input: variant.input };
    if (program !== undefined && tried !== 'unsupported' && tried.outcome === 'not-installed') {
      // Another variant may need a different program, or none.
      missing.set(program, tried.detail);
      result = { ...tried, lastRead };
      continue;
    }
    if (tried !== 'unsupported') return { ...withMissing(tried, [...missing.values()]), lastRead };
    result = { outcome: 'exited', detail: 'the tool supports none of the known variants of this query' };
  }
  return result;
}

function programOf(input: Input): string | undefined {
  return 'command' in input ? input.command[0] : undefined;
}

function withMissing(result: QueryResult, missing: readonly string[]): QueryResult {
  return result.outcome === 'ok' ? result : { ...result, detail: [...missing, result.detail].join('; ') };
}

function failed(reason: FailureReason | 'not-captured', detail: string): QueryResult {
  return { outcome: reason === 'not-captured' ? 'not-installed' : reason, detail };
}

function parseResult(
  output: Output,
  variant: Variant,
  index: number,
  options: RunQueryOptions,
): QueryResult | 'unsupported' {
  try {
    return { outcome: 'ok', facts: parse(output, variant, options), takenAt: output.takenAt, variant: index };
  } catch (error) {
    return error instanceof Unsupported ? 'unsupported' : toResult(error);
  }
}

function toResult(error: unknown): QueryResult {
  const detail = messageOf(error);
  const outcome = reasonOf(error);
  // A bug in one parser must not stop the other queries.
  return outcome === undefined
    ? { outcome: 'unparseable', detail: `unexpected: ${detail}` }
    : { outcome, detail };
}

/** The digest of the output that each fragment was parsed from. */
const origins = new WeakMap<PartialFacts, string>();

/**
 * A command with unchanged output yields the same fragment object, so that nothing derived from it is computed again. Other
 * inputs are excluded, because their parsers depend on the time or on earlier output.
 */
function parse(output: Output, variant: Variant, { before, beforeAt }: RunQueryOptions): PartialFacts {
  if (!('command' in variant.input)) return variant.parse(output, before, beforeAt);
  const origin = originOf(output, variant.input.command, variant.given);
  if (before !== undefined && origins.get(before) === origin) return before;
  const facts = reuseRecords(before, variant.parse(output, before, beforeAt));
  origins.set(facts, origin);
  return facts;
}

function originOf(
  { stdout, stderr, exitCode }: Output,
  command: readonly string[],
  given: string | undefined,
): string {
  const rest = JSON.stringify([command, exitCode, stderr, given]);
  return createHash('sha1').update(rest).update(stdout).digest('base64');
}
