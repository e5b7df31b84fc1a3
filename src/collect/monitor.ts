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
  /** Called when there is something new, before it is joined. It must return at once. */
  readonly changed?: () => void;
  /** Pools that may be read more often than configured, at once; absent: none. */
  readonly maxCloseWatches?: number;
  /** Absent where no event is to wake a reading. */
  readonly events?: EventWatch;
}

/** Rounds that a host may take to be known from nothing: devices, then what stands on and under them, then their profiles. */
const roundsMax = 12;

/** Holds what is known of a host and keeps it current. */
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

  /** Starts what is due, and judges anew what time itself changes. To be called about once a second. */
  beat(): void {
    this.#snapshot = this.#take();
    this.#collector.beat(this.#snapshot.host);
  }

  /** Starts a reading of the pools that the kernel has told of since. To be called several times a second. */
  listen(): void {
    const told = this.#options.events?.look() ?? [];
    if (told.length === 0) return;
    const before = this.#eventTimes;
    const devices = told.map(({ device }) => device);
    this.#eventTimes = noteEvents(before, devices, this.#snapshot.host.pools, this.#options.now());
    if (this.#eventTimes !== before) this.beat();
  }

  /** The latest snapshot, made from memory: it waits for nothing. */
  current(): Snapshot {
    const isStale = this.#joined === undefined || this.#options.now() >= this.#nextExpiry;
    if (isStale) this.#snapshot = this.#take();
    return this.#snapshot;
  }

  /** One source from end to end: what was asked, what was found, and the host as this source alone shows it. */
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

  /** Reads until nothing new is left to ask, for commands that run once. They do not wait to see what passes. */
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
   * After `settle`: asks these sources once more, each when the one before has answered, about these pools (dm names) and
   * nothing else. Bounded by their deadlines.
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

  /** Nothing read in a single look is too old for it: a command that waits for a lock must not cost what others told. */
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

  /** The join of all answers is made once for every change of theirs, not once a beat. */
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
