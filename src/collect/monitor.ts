import { type Assemble, type AssembleSettings, createAssemble } from '../assemble/assemble.ts';
import type { CachedFacts } from '../assemble/cached-facts.ts';
import { type Memory, nothingRemembered, recall, remember } from '../assemble/memory.ts';
import type { CollectorState } from '../model/collector-state.ts';
import type { ExclusiveState } from '../model/exclusive.ts';
import type { PartialFacts } from '../model/facts.ts';
import type { FindingOption } from '../model/finding-option.ts';
import type { Host, Snapshot } from '../model/host.ts';
import type { NotifyState } from '../model/notify-state.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { minuteMs } from '../model/units.ts';
import { evaluate, postpone, type Since } from '../rules/evaluate.ts';
import { endedOptions, sortMuted } from '../rules/finding-options.ts';
import type { Limits } from '../rules/limits.ts';
import { markLate } from '../safety/lateness.ts';
import { excludes, isFilter, type PoolFilter } from '../thinpool/pool-filter.ts';
import {
  type FastPolledPools,
  markFastPolled,
  noFastPolledPools,
  planFastPolling,
} from '../trend/fast-polling.ts';
import { breakOff, describeTrends, type History, noHistory, updateHistory } from '../trend/history.ts';
import { type EventTimes, noteEvents } from '../trend/recent-events.ts';
import type { Carried } from './carried.ts';
import type { EventWatch } from './kernel-event-watch.ts';
import { Poller, type PollerOptions, type PollerSettings } from './poller.ts';
import type { LastRead } from './run-query.ts';

export interface Trace {
  readonly state: CollectorState;
  readonly lastReads: readonly { readonly key: string; readonly lastRead: LastRead }[];
  readonly facts: readonly PartialFacts[];
  readonly ownHost: Host;
}

/** What can be changed while it runs. */
export interface MonitorSettings extends PollerSettings {
  readonly assemble: AssembleSettings;
  /** Absent: all pools are watched. */
  readonly pools?: PoolFilter;
  readonly missingRetentionMs: number;
  /** Absent: the defaults. */
  readonly limits?: Limits;
  readonly runbookUrl?: string;
  readonly findingOptions?: readonly FindingOption[];
}

export interface MonitorOptions extends Omit<PollerOptions, 'changed'>, MonitorSettings {
  /** What an earlier run of a command that reads once has left behind. */
  readonly carried?: Carried;
  /** Called when facts have changed, before they are assembled. Must return immediately. */
  readonly changed?: () => void;
  /** Maximum number of pools polled faster than configured at the same time; absent: none. */
  readonly maxFastPolled?: number;
  /** Absent if events do not trigger polls. */
  readonly events?: EventWatch;
  /** Absent if exclusive space is not measured. */
  readonly exclusive?: () => ExclusiveState;
  /** Absent if no notifications are sent. */
  readonly notify?: () => NotifyState;
  /** Those that scrape and those that take alerts; absent where there is no server. */
  readonly pagerAddresses?: () => readonly string[];
}

/** A beat may be a few seconds late on a busy machine; the shortest age limit is about twenty. */
const gapMs = 8000;

/** Maximum number of rounds to discover a host: devices, then what is above and below them, then their profiles. */
const maxRounds = 12;

/** Keeps the snapshot of a host current. */
export class Monitor {
  #options: MonitorOptions;
  readonly #poller: Poller;
  #assemble: Assemble;
  #memory: Memory = nothingRemembered;
  #history: History = noHistory;
  #since: Since = new Map();
  #eventTimes: EventTimes = new Map();
  #fastPolled: FastPolledPools = noFastPolledPools;
  #debounce = true;
  #readsOnce = false;
  #joined: Host | undefined;
  #version = 0;
  readonly #endedOptions = new Set<string>();
  #nextExpiry = 0;
  /** When the latest beat was; absent where there are none, as in a single look. */
  #beatAt: number | undefined;
  /** The host with the pools that are left out: a query must not hang because of one. */
  #whole: Host | undefined;
  #snapshot: Snapshot;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#assemble = createAssemble(options.assemble);
    this.#poller = new Poller({ ...options, changed: () => this.#invalidateJoin() });
    this.#snapshot = this.#take();
  }

  /** Takes other settings, and a snapshot by them: responses are made once per snapshot. What is known so far stays. */
  reconfigure(settings: MonitorSettings): void {
    this.#options = { ...this.#options, ...settings };
    this.#assemble = createAssemble(settings.assemble);
    this.#poller.reconfigure(settings);
    this.#invalidateJoin();
    this.#snapshot = this.#take();
  }

  /** Starts the queries that are due and evaluates findings again. Call it about once a second. */
  tick(): void {
    this.#snapshot = this.#take();
    this.#beatAt = this.#options.now();
    this.#poller.tick(this.#wholeHost());
  }

  /** Nothing is read or noted any more: the exporter is about to end. */
  stop(): void {
    this.#poller.stop();
  }

  /** Polls the pools for which the kernel has reported an event. Call it several times a second. */
  pollEvents(): void {
    const events = this.#options.events?.poll() ?? [];
    if (events.length === 0) return;
    const before = this.#eventTimes;
    const devices = events.map(({ device }) => device);
    this.#eventTimes = noteEvents(before, devices, this.#snapshot.host.pools, this.#options.now());
    if (this.#eventTimes !== before) this.tick();
  }

  /** The latest snapshot, from memory: never blocks. */
  current(): Snapshot {
    const isStale = this.#joined === undefined || this.#options.now() >= this.#nextExpiry;
    if (isStale) this.#snapshot = this.#take();
    return this.#snapshot;
  }

  /** The snapshot of the latest beat or read, which facts that came since are not in. */
  latest(): Snapshot {
    return this.#snapshot;
  }

  /** One collector from end to end: its queries, its facts, and the host as this collector alone sees it. */
  trace(name: string): Trace | undefined {
    const { host } = this.current();
    const state = host.collectors.find((collector) => collector.name === name);
    if (state === undefined) return undefined;
    const cachedFacts = this.#cachedFacts();
    const own = cachedFacts.filter((cached) => cached.collector === name);
    const discovering = cachedFacts.filter((cached) => cached.discovers && cached.collector !== name);
    const ownHost = this.#withoutExcluded(
      createAssemble(this.#options.assemble)([...discovering, ...own], [state], host.takenAt),
    );
    return { state, lastReads: this.#poller.lastReads(name), facts: own.map(({ facts }) => facts), ownHost };
  }

  /**
   * Reads until there are no new queries, for commands that run once. Unless an earlier run has left something behind, findings
   * need not hold for a while first.
   */
  async collectOnce(): Promise<Snapshot> {
    const { carried } = this.#options;
    this.#readsOnce = true;
    this.#debounce = carried !== undefined;
    for (let round = 0; round < maxRounds; round += 1) {
      this.current();
      if (this.#poller.startNew(this.#wholeHost()) === 0) break;
      await this.#poller.drained();
    }
    await this.#readBehindAgain();
    await this.#poller.childrenExited();
    if (carried !== undefined) {
      // Until now only a part of the host was known.
      this.#history = carried.history;
      this.#since = carried.since;
    }
    this.#snapshot = this.#take();
    return this.#snapshot;
  }

  /**
   * A status from before LVM was read, with an earlier transaction: one may have begun between the two. Where the status
   * still has it after LVM was read, they differ.
   */
  async #readBehindAgain(): Promise<void> {
    const behind = this.current().host.pools.filter(
      ({ counters, lvm, transactions }) =>
        transactions === undefined &&
        counters !== undefined &&
        counters.transactionId < (lvm?.transactionId ?? 0),
    );
    if (behind.length === 0) return;
    this.#poller.startAgain(this.#wholeHost(), 'pools', new Set(behind.map(({ dmName }) => dmName)));
    await this.#poller.drained();
  }

  /** What the next run of a command that reads once has to know. */
  carry(): Carried {
    return { history: this.#history, since: this.#since };
  }

  /**
   * After `collectOnce`: runs these collectors again, one after the other, for these pools (dm names) only. Bounded by their
   * timeouts.
   */
  async collectAgain(collectors: readonly string[], pools: ReadonlySet<string>): Promise<Snapshot> {
    for (const collector of collectors) {
      this.current();
      this.#poller.startAgain(this.#wholeHost(), collector, pools);
      await this.#poller.drained();
    }
    await this.#poller.childrenExited();
    this.#snapshot = this.#take();
    return this.#snapshot;
  }

  /** For a command that runs once, no facts expire: one query that waits for a lock must not invalidate the others. */
  #cachedFacts(): readonly CachedFacts[] {
    const cachedFacts = this.#poller.cachedFacts();
    if (!this.#readsOnce) return cachedFacts;
    return cachedFacts.map((cached) => ({ ...cached, expiresAt: Number.POSITIVE_INFINITY }));
  }

  #invalidateJoin(): void {
    this.#joined = undefined;
    this.#options.changed?.();
  }

  /** Beats come once a second. After a longer time nothing is judged by its age before it was tried to read it again. */
  #skipGap(now: number): void {
    const from = this.#beatAt;
    if (from === undefined || (now >= from && now - from < gapMs)) return;
    this.#beatAt = now;
    this.#poller.skip(from, now);
    this.#since = postpone(this.#since, now - from);
    this.#history = breakOff(this.#history);
    this.#joined = undefined;
  }

  #take(): Snapshot {
    const now = this.#options.now();
    this.#skipGap(now);
    const joined = {
      ...this.#join(now),
      ...omitUndefined({
        events: this.#options.events?.state(),
        exclusive: this.#options.exclusive?.(),
        notify: this.#options.notify?.(),
        pagerAddresses: this.#options.pagerAddresses?.(),
      }),
      takenAt: now,
      collectors: this.#poller.states(),
    };
    this.#memory = remember(this.#memory, joined, this.#options.missingRetentionMs);
    const whole = this.#markExcluded(markLate(recall(joined, this.#memory), now));
    const host = this.#withoutExcluded(whole);
    this.#history = updateHistory(this.#history, host);
    const trends = describeTrends(this.#history, host);
    const { limits, runbookUrl, findingOptions = [] } = this.#options;
    const { findings, pending, since } = evaluate(
      { host, trends },
      this.#since,
      omitUndefined({ debounce: this.#debounce, limits, runbookUrl, findingOptions }),
    );
    this.#since = since;
    const { audible, muted } = sortMuted(findings, findingOptions, now);
    this.#logEnded(findingOptions, now);
    const max = this.#options.maxFastPolled ?? 0;
    this.#fastPolled = planFastPolling(this.#fastPolled, { host, trends, events: this.#eventTimes, max });
    this.#version += 1;
    this.#whole = markFastPolled(whole, this.#fastPolled);
    return {
      host: markFastPolled(host, this.#fastPolled),
      findings: audible,
      pending: sortMuted(pending, findingOptions, now).audible,
      trends,
      ...(muted.length > 0 && { muted }),
      version: this.#version,
    };
  }

  /** Says once of each entry that it has ended. */
  #logEnded(options: readonly FindingOption[], now: number): void {
    for (const { option, text } of endedOptions(options, now)) {
      if (this.#endedOptions.has(text)) continue;
      this.#endedOptions.add(text);
      const { log } = this.#options;
      if (option.severity === 'muted')
        log.warn({ mute: text }, 'A mute has ended; its findings raise alerts again');
      else log.warn({ severity: text }, 'A severity has ended; its findings have that of their rule again');
    }
  }

  #wholeHost(): Host {
    return this.#whole ?? this.#snapshot.host;
  }

  #markExcluded(host: Host): Host {
    const { pools: filter = {} } = this.#options;
    if (!isFilter(filter)) return host;
    const isExcluded = excludes(filter);
    const pools = host.pools.map((pool) =>
      isExcluded(pool.name) ? { ...pool, excluded: true as const } : pool,
    );
    return { ...host, pools };
  }

  /** What is shown. */
  #withoutExcluded(host: Host): Host {
    const { pools: filter = {} } = this.#options;
    if (!isFilter(filter)) return host;
    const isExcluded = excludes(filter);
    const pools = host.pools.filter(({ name }) => !isExcluded(name));
    return {
      ...host,
      pools,
      missingPools: host.missingPools.filter(({ name }) => !isExcluded(name)),
      excludedPools: host.pools.length - pools.length,
    };
  }

  /** Facts are assembled once per change, not once per beat. */
  #join(now: number): Host {
    if (this.#joined !== undefined && now < this.#nextExpiry) return this.#joined;
    const cachedFacts = this.#cachedFacts();
    this.#nextExpiry = soonestExpiry(cachedFacts, now);
    this.#joined = this.#assemble(cachedFacts, [], now);
    return this.#joined;
  }
}

function soonestExpiry(cachedFacts: readonly CachedFacts[], now: number): number {
  return Math.min(
    now + minuteMs,
    ...cachedFacts.map((cached) => cached.expiresAt).filter((expiresAt) => expiresAt > now),
  );
}
