import type { Answer } from '../assemble/answer.ts';
import type { Question, Source, SourceSettings } from '../collectors/collector.ts';
import { known } from '../model/omit-undefined.ts';
import {
  type FailureReason,
  failureReasons,
  type Outcome,
  type QuestionState,
  type SourceState,
} from '../model/source-state.ts';
import { Slots } from './concurrency.ts';
import type { Asked } from './run-query.ts';

export type SourceMode = 'auto' | 'on' | 'off';

/** A source as it is set up on this host. */
export interface ActiveSource {
  readonly source: Source;
  readonly mode: SourceMode;
  readonly settings: SourceSettings;
}

/** How one question fares, over time. */
export interface Track {
  question: Question;
  /** Absent while the question is no longer asked; the track then only waits for its child. */
  wanted: boolean;
  /** Its answer may be believed: it is wanted, or outlives that while what it is about is there. */
  stands: boolean;
  way: number;
  startedAt?: number;
  /** When it was asked for the first time. */
  bornAt?: number;
  /** What was asked last, to see that a question has changed. */
  startedAs?: string;
  /** When the reading was started that this one followed, where its question follows another one. */
  followed?: number | undefined;
  /** Children of the latest reading may be alive. */
  busy: boolean;
  finishedAt?: number;
  lastSuccessAt?: number;
  lastDurationMs?: number;
  /** As in `QuestionState`. */
  sleptMs?: number;
  /** It was read before the process stood still, or the clock was set: it is due. */
  isStale?: boolean;
  outcome?: Outcome;
  failure?: string;
  answer?: Answer;
  /** Kept on wish only: the text may be large, and holds names. */
  asked?: Asked;
}

/** How one source fares: its questions, and what became of its readings. */
export interface SourceTrack {
  readonly active: ActiveSource;
  readonly tracks: Map<string, Track>;
  /** Its own places, before those that all sources share. */
  readonly slots: Slots;
  readings: number;
  readonly failures: Record<FailureReason, number>;
}

export function trackSource(active: ActiveSource): SourceTrack {
  const failures = Object.fromEntries(failureReasons.map((reason) => [reason, 0]));
  return {
    active,
    tracks: new Map(),
    slots: new Slots(active.source.atOnce ?? Number.POSITIVE_INFINITY),
    readings: 0,
    failures: failures as Record<FailureReason, number>,
  };
}

/** A value may be believed for three readings and the time that one may take; then it is withdrawn. */
export function maxAgeMs(settings: SourceSettings): number {
  return 3 * settings.intervalMs + settings.timeoutMs;
}

/** Failures that say: what this source reads is not on this host. */
const absences: readonly Outcome[] = ['not-installed', 'unavailable'];

/** Time for a child to die of the signals that it got at its deadline. One that lives longer is stuck. */
export const dyingMs = 1000;

export function describeSource(sourceTrack: SourceTrack, now: number): SourceState {
  const { active, tracks, readings, failures } = sourceTrack;
  const questions = [...tracks.values()]
    .filter(({ wanted, busy }) => wanted || busy)
    .map((track) => describeQuestion(track, active.settings, now));
  return known({
    name: active.source.name,
    mode: active.mode,
    namesThings: active.source.namesThings === true,
    status: statusOf(active.mode, questions),
    intervalMs: active.settings.intervalMs,
    maxAgeMs: maxAgeMs(active.settings),
    questions,
    lastSuccessAt: least(questions.map((question) => question.lastSuccessAt)),
    lastDurationMs: most(questions.map((question) => question.lastDurationMs)),
    stuckSince: least(questions.map((question) => question.stuckSince)),
    heldBack: questions.find((question) => question.heldBack !== undefined)?.heldBack,
    readings,
    failures: { ...failures },
  });
}

function least(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce(
    (low, value) => (low === undefined || (value !== undefined && value < low) ? value : low),
    undefined,
  );
}

function most(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce(
    (high, value) => (high === undefined || (value !== undefined && value > high) ? value : high),
    undefined,
  );
}

function statusOf(mode: SourceMode, questions: readonly QuestionState[]): SourceState['status'] {
  if (mode === 'off') return 'off';
  // Also of a question that is held back since: that is mostly why it is.
  if (questions.some((question) => question.stuckSince !== undefined)) return 'failed';
  const asked = questions.filter((question) => question.heldBack === undefined);
  if (asked.length === 0) return questions.length === 0 ? 'ok' : 'held';
  if (asked.some((question) => isFailed(question, mode))) return 'failed';
  if (asked.every((question) => question.outcome !== undefined && absences.includes(question.outcome)))
    return 'absent';
  return asked.some((question) => question.outcome === undefined) ? 'pending' : 'ok';
}

function isFailed(question: QuestionState, mode: SourceMode): boolean {
  if (question.outcome === undefined || question.outcome === 'ok') return false;
  // What worked once and is not there any more did not just happen to be absent.
  return mode === 'on' || !absences.includes(question.outcome) || question.lastSuccessAt !== undefined;
}

/** Since when a reading that has ended for us has had a living child. One that is left alone may be slow: it has until the next is due. */
export function stuckSince(
  { busy, startedAt, finishedAt, question }: Track,
  { intervalMs }: SourceSettings,
  now: number,
): number | undefined {
  const isOver = startedAt !== undefined && finishedAt !== undefined && finishedAt >= startedAt;
  const patienceMs = question.leftAloneMs === undefined ? dyingMs : intervalMs;
  return busy && isOver && now - finishedAt >= patienceMs ? startedAt : undefined;
}

/** Leaves out of all ages what passed between two moments, in which nothing was tried. */
export function skipTime(track: Track, from: number, to: number): void {
  const ms = to - from;
  const { answer, startedAt, finishedAt, lastSuccessAt, bornAt } = track;
  const isUnderWay = track.busy && (finishedAt === undefined || (startedAt ?? 0) > finishedAt);
  // A clock that was set back must not leave times in the future.
  const isPast = (at: number): number => Math.min(at, to);
  if (answer !== undefined)
    track.answer = {
      ...answer,
      takenAt: isPast(answer.takenAt),
      ...(answer.finishedAt === undefined ? {} : { finishedAt: isPast(answer.finishedAt) }),
      expiresAt: answer.expiresAt + ms,
    };
  if (startedAt !== undefined) track.startedAt = isPast(isUnderWay ? startedAt + ms : startedAt);
  if (finishedAt !== undefined) track.finishedAt = isPast(track.busy ? finishedAt + ms : finishedAt);
  if (lastSuccessAt !== undefined) track.lastSuccessAt = isPast(lastSuccessAt);
  if (bornAt !== undefined) track.bornAt = isPast(bornAt);
  if (lastSuccessAt !== undefined && ms > 0) track.sleptMs = (track.sleptMs ?? 0) + ms;
  track.isStale = true;
}

function describeQuestion(track: Track, settings: SourceSettings, now: number): QuestionState {
  const { question, startedAt, finishedAt, lastSuccessAt, lastDurationMs, sleptMs, outcome, failure } = track;
  return known({
    key: question.key,
    about: question.about,
    startedAt,
    finishedAt,
    lastSuccessAt,
    lastDurationMs,
    sleptMs,
    stuckSince: stuckSince(track, settings, now),
    heldBack: track.wanted ? question.hold : undefined,
    note: question.note,
    outcome,
    failure,
    way: question.ways[track.way]?.name,
  });
}
