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
  /** Keep the text of each latest reading, for reports. */
  readonly keepReadings: boolean;
  /** Called whenever an answer or a state has changed. */
  readonly changed: () => void;
}

/** A question whose words have changed is asked again before its interval is over, but not at once: churn is bounded. */
const soonestMs = 2000;
/** The heartbeat comes a little early or late; a reading must not slip by a whole beat for it. */
const beatSlackMs = 100;

/**
 * Asks what is due, one reading a question at a time. It never waits for a child beyond the reading's deadline,
 * and starts no reading beside a child that is still alive.
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

  /** Starts every reading that is due. */
  beat(known: Host): void {
    this.#startWhere(
      known,
      'watch',
      (sourceTrack, track) => track.question.after !== undefined || this.#isDue(sourceTrack, track),
    );
  }

  /** Starts the readings that were never made in their present words. Returns how many. */
  askNew(known: Host): number {
    return this.#startWhere(known, 'single', (_, track) => track.startedAs !== wordsOf(track.question));
  }

  /** Starts the readings of one source anew, but for those about other pools than these (dm names). */
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

  /** Settles when every reading under way has ended or passed its deadline. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Settles when no child is alive, or when those that are have had the time to die: then they are stuck. */
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

  /** What was last asked, by question, of one source. */
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

  /** Takes over the questions as they are now. A question that is no longer asked is forgotten when its child is gone, and its answer where that outlives it. */
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
    // Started in the future: the clock was set back. Waiting for it to catch up would blind us for as long.
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
    const run = this.#runInTurn(sourceTrack, track);
    this.#running.add(run);
    run.finally(() => this.#running.delete(run));
  }

  async #runInTurn(sourceTrack: SourceTrack, track: Track): Promise<void> {
    const releaseOwn = await sourceTrack.slots.take();
    const release = await this.#options.slots.take();
    await this.#runIfWanted(sourceTrack, track).finally(release).finally(releaseOwn);
  }

  /** What is no longer to be asked when its turn comes is not asked: a slow host must not be given what it is too late for. */
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
    if (ending.outcome !== 'ok')
      this.#options.log.warn({ ...fields, detail: ending.detail }, 'reading failed');
    else if (track.outcome !== undefined) this.#options.log.info(fields, 'reading works again');
  }

  #free({ active }: SourceTrack, track: Track): void {
    if (stuckSince(track, active.settings, this.#options.now()) !== undefined) {
      const fields = { source: active.source.name, question: track.question.key };
      this.#options.log.info(fields, 'overdue command has ended');
    }
    track.busy = false;
    this.#options.changed();
  }
}

/** While a host becomes known, what is to be asked grows with each answer: waiting would make the first page late. */
function isYoung({ bornAt }: Track, now: number): boolean {
  return bornAt !== undefined && bornAt <= now && now - bornAt < soonestMs;
}

function firstOf({ tracks }: SourceTrack, { question }: Track): Track | undefined {
  return question.after === undefined ? undefined : tracks.get(question.after);
}

/** A question that follows another one waits for an answer to that one which it has not followed yet. */
function isItsTurn(sourceTrack: SourceTrack, track: Track): boolean {
  if (track.question.after === undefined) return true;
  const first = firstOf(sourceTrack, track);
  return first?.outcome === 'ok' && !first.busy && first.startedAt !== track.followed;
}

/** A pool that comes back may be another one: what was told of the one before does not outlive it. */
function outlives({ question, answer }: Track, known: Host, now: number): boolean {
  const { about, outlivesAsking } = question;
  const isThere = about === undefined || known.pools.some(({ dmName }) => dmName === about);
  return outlivesAsking === true && answer !== undefined && now < answer.expiresAt && isThere;
}

function wordsOf(question: Question): string {
  return JSON.stringify(question.ways.map((way) => way.access));
}
