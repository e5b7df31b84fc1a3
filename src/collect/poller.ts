import type { CachedFacts } from '../assemble/cached-facts.ts';
import type { Input, PollMode, Query, QueryOptions } from '../collectors/collector.ts';
import type { Read } from '../io/read.ts';
import { settled } from '../io/settled.ts';
import type { CollectorState } from '../model/collector-state.ts';
import type { Host } from '../model/host.ts';
import { isActive } from '../model/pool.ts';
import type { Slots } from './concurrency.ts';
import { LivingCommands } from './living-commands.ts';
import { type LastRead, type QueryResult, runQuery } from './run-query.ts';
import {
  type ConfiguredCollector,
  describeCollector,
  exitGraceMs,
  isFailed,
  maxAgeMs,
  skipTime,
  stuckSince,
  type TrackedCollector,
  type TrackedQuery,
  trackCollector,
} from './tracked-query.ts';

export interface PollerLog {
  readonly warn: (fields: object, message: string) => void;
  readonly info: (fields: object, message: string) => void;
}

/** What can be changed while it runs. */
export interface PollerSettings {
  readonly collectors: readonly ConfiguredCollector[];
  readonly queryOptions: QueryOptions;
}

export interface PollerOptions extends PollerSettings {
  readonly read: Read;
  readonly slots: Slots;
  readonly now: () => number;
  readonly log: PollerLog;
  /** Keep the raw output of the latest run of each query. */
  readonly keepOutputs: boolean;
  /** Called whenever facts or states have changed. */
  readonly changed: () => void;
}

/** A query whose command has changed runs before its interval is over, but not immediately, to limit churn. */
const minRestartMs = 2000;
/** Beats are slightly early or late; a query must not slip by a whole beat because of that. */
const tickSlackMs = 100;

/**
 * Runs the queries that are due, each at most once at a time. It never waits for a child beyond the query's deadline,
 * and does not run a query again while a child of it is still alive.
 */
export class Poller {
  #options: PollerOptions;
  readonly #collectors: readonly TrackedCollector[];
  readonly #running = new Set<Promise<void>>();
  readonly #alive = new Set<Promise<void>>();
  readonly #commands: LivingCommands;
  #isStopped = false;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#collectors = options.collectors.map(trackCollector);
    this.#commands = new LivingCommands(options.log);
  }

  /** Takes other modes and times for the same collectors. Nothing is kept of one that is turned off. */
  reconfigure({ collectors, queryOptions }: PollerSettings): void {
    this.#options = { ...this.#options, collectors, queryOptions };
    for (const trackedCollector of this.#collectors) {
      const { name } = trackedCollector.configured.collector;
      const configured = collectors.find(({ collector }) => collector.name === name);
      if (configured === undefined) continue;
      trackedCollector.configured = configured;
      if (configured.mode === 'off') drop(trackedCollector);
    }
  }

  /** Starts nothing more, and ignores how what still runs ends: whatever ends the exporter may end its commands, too. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Starts all queries that are due. */
  tick(host: Host): void {
    this.#startWhere(
      host,
      'watch',
      (trackedCollector, trackedQuery) =>
        trackedQuery.query.after !== undefined || this.#isDue(trackedCollector, trackedQuery),
    );
  }

  /** Starts the queries that have never run with their present command. Returns their number. */
  startNew(host: Host): number {
    return this.#startWhere(
      host,
      'once',
      (_, trackedQuery) => trackedQuery.startedInputs !== inputsOf(trackedQuery.query),
    );
  }

  /** Starts the queries of one collector again, except those about pools other than these (dm names). */
  startAgain(host: Host, collector: string, pools: ReadonlySet<string>): void {
    this.#startWhere(
      host,
      'once',
      ({ configured }, { query }) =>
        configured.collector.name === collector && (query.about === undefined || pools.has(query.about)),
    );
  }

  #startWhere(
    host: Host,
    mode: PollMode,
    isWanted: (trackedCollector: TrackedCollector, trackedQuery: TrackedQuery) => boolean,
  ): number {
    let started = 0;
    if (this.#isStopped) return started;
    for (const trackedCollector of this.#collectors) {
      if (trackedCollector.configured.mode === 'off') continue;
      this.#updateQueries(trackedCollector, host, mode);
      for (const trackedQuery of trackedCollector.queries.values()) {
        if (trackedQuery.busy || !trackedQuery.wanted || isHeld(trackedQuery)) continue;
        if (!isItsTurn(trackedCollector, trackedQuery) || !isWanted(trackedCollector, trackedQuery)) continue;
        if (this.#isSkipped(trackedQuery)) continue;
        this.#start(trackedCollector, trackedQuery);
        started += 1;
      }
    }
    return started;
  }

  /** Whether the query has to wait until fewer commands hang. Others cost no process, and are never skipped. */
  #isSkipped(trackedQuery: TrackedQuery): boolean {
    const why = runsCommand(trackedQuery) ? this.#commands.whyNoRoom(hasWorked(trackedQuery)) : undefined;
    if (why === undefined) delete trackedQuery.skippedBy;
    else trackedQuery.skippedBy = why;
    return why !== undefined;
  }

  /** Settles when every running query has ended or passed its deadline. */
  async drained(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Settles when no child is alive, or when the remaining ones have had time to exit and are stuck. */
  async childrenExited(): Promise<void> {
    if (this.#alive.size === 0) return;
    await settled(Promise.all(this.#alive), exitGraceMs + tickSlackMs);
  }

  cachedFacts(): CachedFacts[] {
    return this.#collectors.flatMap(({ queries: trackedQueries }) =>
      [...trackedQueries.values()].flatMap(({ cached, isServed }) =>
        cached !== undefined && isServed ? [cached] : [],
      ),
    );
  }

  /** The latest input and output of each query of one collector. */
  lastReads(collector: string): { key: string; lastRead: LastRead }[] {
    const trackedCollector = this.#collectors.find(
      ({ configured }) => configured.collector.name === collector,
    );
    return [...(trackedCollector?.queries ?? [])].flatMap(([key, { lastRead }]) =>
      lastRead === undefined ? [] : [{ key, lastRead }],
    );
  }

  states(): CollectorState[] {
    const now = this.#options.now();
    return this.#collectors.map((trackedCollector) => describeCollector(trackedCollector, now));
  }

  /**
   * Nothing happened here from one moment to the other, by the clock: the process or the machine stood still, or the clock
   * was set, maybe back. No reading was tried meanwhile, so none is older or later for it; all are due.
   */
  skip(from: number, to: number): void {
    for (const { queries: trackedQueries } of this.#collectors)
      for (const trackedQuery of trackedQueries.values()) skipTime(trackedQuery, from, to);
  }

  /** Updates the queries of a collector. A dropped query is forgotten once its child has exited and its facts no longer stand. */
  #updateQueries(trackedCollector: TrackedCollector, host: Host, mode: PollMode): void {
    const { queries: trackedQueries, configured } = trackedCollector;
    const queries = new Map(
      configured.collector.queries(host, this.#options.queryOptions, mode).map((query) => [query.key, query]),
    );
    for (const [key, trackedQuery] of trackedQueries) {
      trackedQuery.wanted = queries.has(key);
      trackedQuery.isServed = trackedQuery.wanted || keepsFacts(trackedQuery, host, this.#options.now());
      if (!trackedQuery.isServed && !trackedQuery.busy) trackedQueries.delete(key);
    }
    for (const [key, query] of queries) {
      const trackedQuery = trackedQueries.get(key);
      if (trackedQuery === undefined)
        trackedQueries.set(key, { query, wanted: true, isServed: true, variant: 0, busy: false });
      else trackedQuery.query = query;
    }
  }

  #isDue({ configured }: TrackedCollector, trackedQuery: TrackedQuery): boolean {
    const now = this.#options.now();
    // Started in the future: the clock was set back. Waiting for it to catch up would stop polling for as long.
    if (trackedQuery.startedAt === undefined || trackedQuery.startedAt > now || trackedQuery.isStale === true)
      return true;
    const { intervalMs, staleSince } = trackedQuery.query;
    if (staleSince !== undefined && staleSince > trackedQuery.startedAt) return true;
    const dueEveryMs = Math.min(configured.settings.intervalMs, intervalMs ?? Number.POSITIVE_INFINITY);
    const changed = trackedQuery.startedInputs !== inputsOf(trackedQuery.query);
    if (changed && isNew(trackedQuery, now)) return true;
    const wait = changed ? Math.min(minRestartMs, dueEveryMs) : dueEveryMs;
    return now + tickSlackMs >= trackedQuery.startedAt + wait;
  }

  #start(trackedCollector: TrackedCollector, trackedQuery: TrackedQuery): void {
    const { startedAt, startedInputs, followedStartedAt } = trackedQuery;
    trackedQuery.busy = true;
    trackedQuery.isStale = false;
    trackedQuery.startedAt = this.#options.now();
    trackedQuery.firstStartedAt ??= trackedQuery.startedAt;
    trackedQuery.startedInputs = inputsOf(trackedQuery.query);
    trackedQuery.followedStartedAt = predecessorOf(trackedCollector, trackedQuery)?.startedAt;
    const run = trackedCollector.slots.run(() =>
      this.#options.slots.run(async () => {
        const isRun = await this.#runIfWanted(trackedCollector, trackedQuery);
        if (!isRun && trackedQuery.wanted)
          restoreStart(trackedQuery, { startedAt, startedInputs, followedStartedAt });
      }),
    );
    this.#running.add(run);
    run.finally(() => this.#running.delete(run));
  }

  /**
   * A query that was dropped while it waited for a slot does not run: a slow host must not get outdated work. Neither does
   * one for which commands that hang leave no room; the next beat tries it again.
   */
  async #runIfWanted(trackedCollector: TrackedCollector, trackedQuery: TrackedQuery): Promise<boolean> {
    const isCommand = runsCommand(trackedQuery);
    const hasRoom =
      trackedQuery.wanted && (!isCommand || (await this.#commands.enter(hasWorked(trackedQuery))));
    if (hasRoom && trackedQuery.wanted) {
      await this.#run(trackedCollector, trackedQuery, isCommand);
      return true;
    }
    if (hasRoom && isCommand) this.#commands.leave();
    trackedQuery.busy = false;
    delete trackedQuery.startedAt;
    delete trackedQuery.startedInputs;
    return false;
  }

  async #run(
    trackedCollector: TrackedCollector,
    trackedQuery: TrackedQuery,
    isCommand: boolean,
  ): Promise<void> {
    const { collector, settings } = trackedCollector.configured;
    const startedAt = this.#options.now();
    trackedQuery.startedAt = startedAt;
    const { read } = this.#options;
    const before = trackedQuery.cached?.facts;
    const pendingQuery = runQuery(trackedQuery.query, {
      read,
      collector: collector.name,
      timeoutMs: settings.timeoutMs,
      firstVariant: trackedQuery.variant,
      before,
      beforeAt: trackedQuery.cached?.takenAt,
    });
    if (isCommand) this.#commands.watch(pendingQuery);
    const exited = pendingQuery.exited.then(() => this.#release(trackedCollector, trackedQuery));
    this.#alive.add(exited);
    exited.finally(() => this.#alive.delete(exited));
    this.#record(trackedCollector, trackedQuery, await pendingQuery.result, this.#options.now() - startedAt);
    this.#options.changed();
  }

  #record(
    trackedCollector: TrackedCollector,
    trackedQuery: TrackedQuery,
    result: QueryResult,
    durationMs: number,
  ): void {
    if (this.#isStopped) return;
    const { collector, settings } = trackedCollector.configured;
    trackedCollector.finishedQueries += 1;
    trackedQuery.finishedAt = this.#options.now();
    trackedQuery.lastDurationMs = durationMs;
    this.#logChange(trackedCollector.configured, trackedQuery, result);
    trackedQuery.outcome = result.outcome;
    if (result.lastRead !== undefined)
      trackedQuery.lastRead = this.#options.keepOutputs ? result.lastRead : { input: result.lastRead.input };
    if (result.outcome !== 'ok') {
      trackedCollector.failures[result.outcome] += 1;
      trackedQuery.failure = result.detail;
      trackedQuery.variant = 0;
      return;
    }
    delete trackedQuery.failure;
    trackedQuery.variant = result.variant;
    trackedQuery.lastSuccessAt = result.takenAt;
    delete trackedQuery.sleptMs;
    const expiresAt =
      trackedQuery.query.neverExpires === true
        ? Number.POSITIVE_INFINITY
        : result.takenAt + maxAgeMs(settings);
    const discovers = collector.discovers === true;
    trackedQuery.cached = {
      collector: collector.name,
      key: trackedQuery.query.key,
      facts: result.facts,
      takenAt: result.takenAt,
      finishedAt: trackedQuery.finishedAt,
      expiresAt,
      discovers,
      ...(trackedQuery.query.vg === undefined ? {} : { vg: trackedQuery.query.vg }),
    };
  }

  #logChange(
    { collector, mode }: ConfiguredCollector,
    trackedQuery: TrackedQuery,
    result: QueryResult,
  ): void {
    if (trackedQuery.outcome === result.outcome) return;
    const { outcome } = result;
    const { log } = this.#options;
    const fields = { collector: collector.name, query: trackedQuery.query.key, outcome };
    if (isFailed({ ...trackedQuery, outcome }, mode))
      log.warn({ ...fields, detail: 'detail' in result ? result.detail : undefined }, 'Query failed');
    else if (result.outcome !== 'ok')
      log.info({ ...fields, detail: result.detail }, 'Nothing to read on this host');
    else if (trackedQuery.outcome !== undefined) this.#options.log.info(fields, 'Query succeeded again');
  }

  #release({ configured }: TrackedCollector, trackedQuery: TrackedQuery): void {
    if (stuckSince(trackedQuery, configured.settings, this.#options.now()) !== undefined) {
      const fields = { collector: configured.collector.name, query: trackedQuery.query.key };
      this.#options.log.info(fields, 'Overdue command ended');
    }
    trackedQuery.busy = false;
    this.#options.changed();
  }
}

/** A child that is alive is still waited for. */
function drop({ queries: trackedQueries }: TrackedCollector): void {
  for (const [key, trackedQuery] of trackedQueries) {
    trackedQuery.wanted = false;
    trackedQuery.isServed = false;
    if (!trackedQuery.busy) trackedQueries.delete(key);
  }
}

/** During discovery queries grow with each output: waiting would delay the first complete snapshot. */
function isNew({ firstStartedAt }: TrackedQuery, now: number): boolean {
  return firstStartedAt !== undefined && firstStartedAt <= now && now - firstStartedAt < minRestartMs;
}

function predecessorOf(
  { queries: trackedQueries }: TrackedCollector,
  { query }: TrackedQuery,
): TrackedQuery | undefined {
  return query.after === undefined ? undefined : trackedQueries.get(query.after);
}

/** A query with `after` waits for an output of that query which it has not followed yet. */
function isItsTurn(trackedCollector: TrackedCollector, trackedQuery: TrackedQuery): boolean {
  if (trackedQuery.query.after === undefined) return true;
  const predecessor = predecessorOf(trackedCollector, trackedQuery);
  return (
    predecessor?.outcome === 'ok' &&
    !predecessor.busy &&
    predecessor.startedAt !== trackedQuery.followedStartedAt
  );
}

/** A pool that comes back may be a different one: facts about the old one end with it. */
function keepsFacts({ query, cached }: TrackedQuery, host: Host, now: number): boolean {
  const { about, keepWhenDropped } = query;
  const isThere = about === undefined || host.pools.some((pool) => pool.dmName === about && isActive(pool));
  return keepWhenDropped === true && cached !== undefined && now < cached.expiresAt && isThere;
}

/** By input, which a collector of thousands of volumes makes once. */
const texts = new WeakMap<Input, string>();

function inputsOf({ variants }: Query): string {
  return variants.map(({ input }) => textOf(input)).join('\n');
}

function textOf(input: Input): string {
  const known = texts.get(input);
  if (known !== undefined) return known;
  const text = JSON.stringify(input);
  texts.set(input, text);
  return text;
}

function isHeld({ query }: TrackedQuery): boolean {
  return query.blockedBy !== undefined || query.rests === true;
}

function runsCommand({ query }: TrackedQuery): boolean {
  return query.variants.some(({ input }) => 'command' in input);
}

function hasWorked({ outcome }: TrackedQuery): boolean {
  return outcome === 'ok';
}

/** As if the query had not been started: it is due as before. */
function restoreStart(
  trackedQuery: TrackedQuery,
  {
    startedAt,
    startedInputs,
    followedStartedAt,
  }: Pick<TrackedQuery, 'followedStartedAt'> & {
    readonly startedAt: number | undefined;
    readonly startedInputs: string | undefined;
  },
): void {
  if (startedAt !== undefined) trackedQuery.startedAt = startedAt;
  if (startedInputs !== undefined) trackedQuery.startedInputs = startedInputs;
  trackedQuery.followedStartedAt = followedStartedAt;
}
