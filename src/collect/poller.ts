import type { Answer } from '../assemble/answer.ts';
import type { Choices, Look, Question } from '../collectors/collector.ts';
import type { Read } from '../io/read.ts';
import type { Host } from '../model/host.ts';
import type { SourceState } from '../model/source-state.ts';
import type { Slots } from './concurrency.ts';
import {
  type ActiveSource,
  describeSource,
  dyingMs,
  maxAgeMs,
  type SourceTrack,
  stuckSince,
  type Track,
  trackSource,
} from './query-state.ts';
import { type Asked, ask, type Ending } from './run-query.ts';

export interface CollectorLog {
  readonly warn: (fields: object, message: string) => void;
  readonly info: (fields: object, message: string) => void;
}

export interface CollectorOptions {
  readonly sources: readonly ActiveSource[];
  readonly choices: Choices;
  readonly read: Read;
  readonly slots: Slots;
  readonly now: () => number;
  readonly log: CollectorLog;
  /** Keep the raw output of the latest run of each query. */
  readonly keepReadings: boolean;
  /** Called whenever facts or states have changed. */
  readonly changed: () => void;
}

/** A query whose command has changed runs before its interval is over, but not immediately, to limit churn. */
const soonestMs = 2000;
/** Beats are slightly early or late; a query must not slip by a whole beat because of that. */
const beatSlackMs = 100;

/**
 * Runs the queries that are due, each at most once at a time. It never waits for a child beyond the query's deadline,
 * and does not run a query again while a child of it is still alive.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #sources: readonly SourceTrack[];
  readonly #running = new Set<Promise<void>>();
  readonly #alive = new Set<Promise<void>>();

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#sources = options.sources.map(trackSource);
  }

  /** Starts all queries that are due. */
  beat(known: Host): void {
    this.#startWhere(
      known,
      'watch',
      (sourceTrack, track) => track.question.after !== undefined || this.#isDue(sourceTrack, track),
    );
  }

  /** Starts the queries that have never run with their present command. Returns their number. */
  askNew(known: Host): number {
    return this.#startWhere(known, 'single', (_, track) => track.startedAs !== wordsOf(track.question));
  }

  /** Starts the queries of one collector again, except those about pools other than these (dm names). */
  askAgain(known: Host, source: string, pools: ReadonlySet<string>): void {
    this.#startWhere(
      known,
      'single',
      ({ active }, { question }) =>
        active.source.name === source && (question.about === undefined || pools.has(question.about)),
    );
  }

  #startWhere(
    known: Host,
    look: Look,
    isWanted: (sourceTrack: SourceTrack, track: Track) => boolean,
  ): number {
    let started = 0;
    for (const sourceTrack of this.#sources) {
      if (sourceTrack.active.mode === 'off') continue;
      this.#follow(sourceTrack, known, look);
      for (const track of sourceTrack.tracks.values()) {
        if (track.busy || !track.wanted || track.question.hold !== undefined) continue;
        if (!isItsTurn(sourceTrack, track) || !isWanted(sourceTrack, track)) continue;
        this.#start(sourceTrack, track);
        started += 1;
      }
    }
    return started;
  }

  /** Settles when every running query has ended or passed its deadline. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Settles when no child is alive, or when the remaining ones have had time to exit and are stuck. */
  async buried(): Promise<void> {
    if (this.#alive.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const time = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, dyingMs + beatSlackMs);
    });
    await Promise.race([Promise.all(this.#alive), time]);
    clearTimeout(timer);
  }

  answers(): Answer[] {
    return this.#sources.flatMap(({ tracks }) =>
      [...tracks.values()].flatMap(({ answer, stands }) => (answer !== undefined && stands ? [answer] : [])),
    );
  }

  /** The latest input and output of each query of one collector. */
  asked(source: string): { key: string; asked: Asked }[] {
    const sourceTrack = this.#sources.find(({ active }) => active.source.name === source);
    return [...(sourceTrack?.tracks ?? [])].flatMap(([key, { asked }]) =>
      asked === undefined ? [] : [{ key, asked }],
    );
  }

  states(): SourceState[] {
    const now = this.#options.now();
    return this.#sources.map((sourceTrack) => describeSource(sourceTrack, now));
  }

  /** Updates the queries of a collector. A dropped query is forgotten once its child has exited and its facts no longer stand. */
  #follow(sourceTrack: SourceTrack, known: Host, look: Look): void {
    const { tracks, active } = sourceTrack;
    const questions = new Map(
      active.source.questions(known, this.#options.choices, look).map((question) => [question.key, question]),
    );
    for (const [key, track] of tracks) {
      track.wanted = questions.has(key);
      track.stands = track.wanted || outlives(track, known, this.#options.now());
      if (!track.stands && !track.busy) tracks.delete(key);
    }
    for (const [key, question] of questions) {
      const track = tracks.get(key);
      if (track === undefined) tracks.set(key, { question, wanted: true, stands: true, way: 0, busy: false });
      else track.question = question;
    }
  }

  #isDue({ active }: SourceTrack, track: Track): boolean {
    const now = this.#options.now();
    // Started in the future: the clock was set back. Waiting for it to catch up would stop polling for as long.
    if (track.startedAt === undefined || track.startedAt > now) return true;
    const { soonerMs, outdatedAt } = track.question;
    if (outdatedAt !== undefined && outdatedAt > track.startedAt) return true;
    const intervalMs = Math.min(active.settings.intervalMs, soonerMs ?? Number.POSITIVE_INFINITY);
    const changed = track.startedAs !== wordsOf(track.question);
    if (changed && isYoung(track, now)) return true;
    const wait = changed ? Math.min(soonestMs, intervalMs) : intervalMs;
    return now + beatSlackMs >= track.startedAt + wait;
  }

  #start(sourceTrack: SourceTrack, track: Track): void {
    track.busy = true;
    track.startedAt = this.#options.now();
    track.bornAt ??= track.startedAt;
    track.startedAs = wordsOf(track.question);
    track.followed = firstOf(sourceTrack, track)?.startedAt;
    const run = sourceTrack.slots.run(() =>
      this.#options.slots.run(() => this.#runIfWanted(sourceTrack, track)),
    );
    this.#running.add(run);
    run.finally(() => this.#running.delete(run));
  }

  /** A query that was dropped while it waited for a slot does not run: a slow host must not get outdated work. */
  async #runIfWanted(sourceTrack: SourceTrack, track: Track): Promise<void> {
    if (track.wanted) return this.#run(sourceTrack, track);
    track.busy = false;
    delete track.startedAt;
    delete track.startedAs;
  }

  async #run(sourceTrack: SourceTrack, track: Track): Promise<void> {
    const { source, settings } = sourceTrack.active;
    const startedAt = this.#options.now();
    track.startedAt = startedAt;
    const { read } = this.#options;
    const before = track.answer?.fragment;
    const asking = ask(track.question, {
      read,
      source: source.name,
      timeoutMs: settings.timeoutMs,
      firstWay: track.way,
      before,
      beforeAt: track.answer?.takenAt,
    });
    const gone = asking.gone.then(() => this.#free(sourceTrack, track));
    this.#alive.add(gone);
    gone.finally(() => this.#alive.delete(gone));
    this.#note(sourceTrack, track, await asking.ending, this.#options.now() - startedAt);
    this.#options.changed();
  }

  #note(sourceTrack: SourceTrack, track: Track, ending: Ending, durationMs: number): void {
    const { source, settings } = sourceTrack.active;
    sourceTrack.readings += 1;
    track.finishedAt = this.#options.now();
    track.lastDurationMs = durationMs;
    this.#logChange(source.name, track, ending);
    track.outcome = ending.outcome;
    if (ending.asked !== undefined)
      track.asked = this.#options.keepReadings ? ending.asked : { access: ending.asked.access };
    if (ending.outcome !== 'ok') {
      sourceTrack.failures[ending.outcome] += 1;
      track.failure = ending.detail;
      track.way = 0;
      return;
    }
    delete track.failure;
    track.way = ending.way;
    track.lastSuccessAt = ending.takenAt;
    const expiresAt =
      track.question.lasting === true ? Number.POSITIVE_INFINITY : ending.takenAt + maxAgeMs(settings);
    const namesThings = source.namesThings === true;
    track.answer = {
      source: source.name,
      key: track.question.key,
      fragment: ending.fragment,
      takenAt: ending.takenAt,
      expiresAt,
      namesThings,
    };
  }

  #logChange(source: string, track: Track, ending: Ending): void {
    if (track.outcome === ending.outcome) return;
    const fields = { source, question: track.question.key, outcome: ending.outcome };
    if (ending.outcome !== 'ok') this.#options.log.warn({ ...fields, detail: ending.detail }, 'Query failed');
    else if (track.outcome !== undefined) this.#options.log.info(fields, 'Query succeeded again');
  }

  #free({ active }: SourceTrack, track: Track): void {
    if (stuckSince(track, active.settings, this.#options.now()) !== undefined) {
      const fields = { source: active.source.name, question: track.question.key };
      this.#options.log.info(fields, 'Overdue command ended');
    }
    track.busy = false;
    this.#options.changed();
  }
}

/** During discovery queries grow with each output: waiting would delay the first complete snapshot. */
function isYoung({ bornAt }: Track, now: number): boolean {
  return bornAt !== undefined && bornAt <= now && now - bornAt < soonestMs;
}

function firstOf({ tracks }: SourceTrack, { question }: Track): Track | undefined {
  return question.after === undefined ? undefined : tracks.get(question.after);
}

/** A query with `after` waits for an output of that query which it has not followed yet. */
function isItsTurn(sourceTrack: SourceTrack, track: Track): boolean {
  if (track.question.after === undefined) return true;
  const first = firstOf(sourceTrack, track);
  return first?.outcome === 'ok' && !first.busy && first.startedAt !== track.followed;
}

/** A pool that comes back may be a different one: facts about the old one end with it. */
function outlives({ question, answer }: Track, known: Host, now: number): boolean {
  const { about, outlivesAsking } = question;
  const isThere = about === undefined || known.pools.some(({ dmName }) => dmName === about);
  return outlivesAsking === true && answer !== undefined && now < answer.expiresAt && isThere;
}

function wordsOf(question: Question): string {
  return JSON.stringify(question.ways.map((way) => way.access));
}
