import type { Answer } from '../assemble/answer.ts';
import { type Assemble, type AssembleSettings, createAssemble } from '../assemble/assemble.ts';
import { type Memory, nothingRemembered, recall, remember } from '../assemble/memory.ts';
import type { Fragment } from '../model/facts.ts';
import type { Host, Snapshot } from '../model/host.ts';
import { known } from '../model/omit-undefined.ts';
import type { SourceState } from '../model/source-state.ts';
import { minuteMs } from '../model/units.ts';
import { evaluate, impatient, patient, type Since } from '../rules/evaluate.ts';
import { markLate } from '../safety/lateness.ts';
import { followWatches, markWatches, noWatches, type Watches } from '../trend/fast-polling.ts';
import { describeTrends, follow, type History, noHistory } from '../trend/history.ts';
import { type EventTimes, noteEvents } from '../trend/recent-events.ts';
import type { EventWatch } from './kernel-event-watch.ts';
import { Collector, type CollectorOptions } from './poller.ts';
import type { Asked } from './run-query.ts';

export interface Trace {
  readonly state: SourceState;
  readonly asked: readonly { readonly key: string; readonly asked: Asked }[];
  readonly facts: readonly Fragment[];
  readonly alone: Host;
}

export interface MonitorOptions extends Omit<CollectorOptions, 'changed'> {
  readonly assemble: AssembleSettings;
  readonly forgetAfterMs: number;
  /** Called when facts have changed, before they are assembled. Must return immediately. */
  readonly changed?: () => void;
  /** Maximum number of pools polled faster than configured at the same time; absent: none. */
  readonly maxCloseWatches?: number;
  /** Absent if events do not trigger polls. */
  readonly events?: EventWatch;
}

/** Maximum number of rounds to discover a host: devices, then what is above and below them, then their profiles. */
const roundsMax = 12;

/** Keeps the snapshot of a host current. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #collector: Collector;
  readonly #assemble: Assemble;
  #memory: Memory = nothingRemembered;
  #history: History = noHistory;
  #since: Since = new Map();
  #eventTimes: EventTimes = new Map();
  #watches: Watches = noWatches;
  #patience = patient;
  #joined: Host | undefined;
  #version = 0;
  #nextExpiry = 0;
  #snapshot: Snapshot;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#assemble = createAssemble(options.assemble);
    this.#collector = new Collector({ ...options, changed: () => this.#forgetJoin() });
    this.#snapshot = this.#take();
  }

  /** Starts the queries that are due and evaluates findings again. Call it about once a second. */
  beat(): void {
    this.#snapshot = this.#take();
    this.#collector.beat(this.#snapshot.host);
  }

  /** Polls the pools for which the kernel has reported an event. Call it several times a second. */
  listen(): void {
    const told = this.#options.events?.look() ?? [];
    if (told.length === 0) return;
    const before = this.#eventTimes;
    const devices = told.map(({ device }) => device);
    this.#eventTimes = noteEvents(before, devices, this.#snapshot.host.pools, this.#options.now());
    if (this.#eventTimes !== before) this.beat();
  }

  /** The latest snapshot, from memory: never blocks. */
  current(): Snapshot {
    const isStale = this.#joined === undefined || this.#options.now() >= this.#nextExpiry;
    if (isStale) this.#snapshot = this.#take();
    return this.#snapshot;
  }

  /** One collector from end to end: its queries, its facts, and the host as this collector alone sees it. */
  trace(name: string): Trace | undefined {
    const { host } = this.current();
    const state = host.sources.find((source) => source.name === name);
    if (state === undefined) return undefined;
    const answers = this.#answers();
    const own = answers.filter((answer) => answer.source === name);
    const naming = answers.filter((answer) => answer.namesThings && answer.source !== name);
    const alone = createAssemble(this.#options.assemble)([...naming, ...own], [state], host.takenAt);
    return { state, asked: this.#collector.asked(name), facts: own.map(({ fragment }) => fragment), alone };
  }

  /** Reads until there are no new queries, for commands that run once: findings need not hold for a while first. */
  async settle(): Promise<Snapshot> {
    this.#patience = impatient;
    for (let round = 0; round < roundsMax; round += 1) {
      if (this.#collector.askNew(this.current().host) === 0) break;
      await this.#collector.idle();
    }
    await this.#collector.buried();
    this.#snapshot = this.#take();
    return this.#snapshot;
  }

  /**
   * After `settle`: runs these collectors again, one after the other, for these pools (dm names) only. Bounded by their
   * timeouts.
   */
  async askAgain(sources: readonly string[], pools: ReadonlySet<string>): Promise<Snapshot> {
    for (const source of sources) {
      this.#collector.askAgain(this.current().host, source, pools);
      await this.#collector.idle();
    }
    await this.#collector.buried();
    this.#snapshot = this.#take();
    return this.#snapshot;
  }

  /** For a command that runs once, no facts expire: one query that waits for a lock must not invalidate the others. */
  #answers(): readonly Answer[] {
    const answers = this.#collector.answers();
    if (this.#patience !== impatient) return answers;
    return answers.map((answer) => ({ ...answer, expiresAt: Number.POSITIVE_INFINITY }));
  }

  #forgetJoin(): void {
    this.#joined = undefined;
    this.#options.changed?.();
  }

  #take(): Snapshot {
    const now = this.#options.now();
    const joined = {
      ...this.#join(now),
      ...known({ events: this.#options.events?.state() }),
      takenAt: now,
      sources: this.#collector.states(),
    };
    this.#memory = remember(this.#memory, joined, this.#options.forgetAfterMs);
    const host = markLate(recall(joined, this.#memory), now);
    const { findings, since } = evaluate(host, this.#since, this.#patience);
    this.#since = since;
    this.#history = follow(this.#history, host);
    const trends = describeTrends(this.#history, host);
    const max = this.#options.maxCloseWatches ?? 0;
    this.#watches = followWatches(this.#watches, { host, trends, events: this.#eventTimes, max });
    this.#version += 1;
    return { host: markWatches(host, this.#watches), findings, trends, version: this.#version };
  }

  /** Facts are assembled once per change, not once per beat. */
  #join(now: number): Host {
    if (this.#joined !== undefined && now < this.#nextExpiry) return this.#joined;
    const answers = this.#answers();
    this.#nextExpiry = soonestExpiry(answers, now);
    this.#joined = this.#assemble(answers, [], now);
    return this.#joined;
  }
}

function soonestExpiry(answers: readonly Answer[], now: number): number {
  return Math.min(
    now + minuteMs,
    ...answers.map((answer) => answer.expiresAt).filter((expiresAt) => expiresAt > now),
  );
}
