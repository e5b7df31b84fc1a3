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

/** A collector with its configuration. */
export interface ActiveSource {
  readonly source: Source;
  readonly mode: SourceMode;
  readonly settings: SourceSettings;
}

/** The state of one query over time. */
export interface Track {
  question: Question;
  /** False once the query has been dropped; the record then only waits for its child to exit. */
  wanted: boolean;
  /** Its facts count: it is wanted, or its facts outlive it while the pool that it is about exists. */
  stands: boolean;
  way: number;
  startedAt?: number;
  /** When it first ran, Unix ms. */
  bornAt?: number;
  /** The command that ran last, to detect that the query has changed. */
  startedAs?: string;
  /** For a query with `after`: when the run that it followed was started, Unix ms. */
  followed?: number | undefined;
  /** Children of the latest run may be alive. */
  busy: boolean;
  finishedAt?: number;
  lastSuccessAt?: number;
  lastDurationMs?: number;
  outcome?: Outcome;
  failure?: string;
  answer?: Answer;
  /** Raw output only if configured: it may be large, and contains names. */
  asked?: Asked;
}

/** The state of one collector: its queries and counters. */
export interface SourceTrack {
  readonly active: ActiveSource;
  readonly tracks: Map<string, Track>;
  /** Its own slots, taken before those that all collectors share. */
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

/** The age limit of facts: three intervals and a timeout. */
export function maxAgeMs(settings: SourceSettings): number {
  return 3 * settings.intervalMs + settings.timeoutMs;
}

/** Failures that mean that there is nothing to read on this host. */
const absences: readonly Outcome[] = ['not-installed', 'unavailable'];

/** Time for a child to exit after the signals sent at its deadline. One that lives longer is stuck. */
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
  // Also if the query has been blocked since: a stuck child is the usual reason for that.
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
  // What worked before and is gone now is a failure, not an absence.
  return mode === 'on' || !absences.includes(question.outcome) || question.lastSuccessAt !== undefined;
}

/** Since when a finished run has had a living child, Unix ms. A query with `leftAloneMs` has until its next interval. */
export function stuckSince(
  { busy, startedAt, finishedAt, question }: Track,
  { intervalMs }: SourceSettings,
  now: number,
): number | undefined {
  const isOver = startedAt !== undefined && finishedAt !== undefined && finishedAt >= startedAt;
  const patienceMs = question.leftAloneMs === undefined ? dyingMs : intervalMs;
  return busy && isOver && now - finishedAt >= patienceMs ? startedAt : undefined;
}

function describeQuestion(track: Track, settings: SourceSettings, now: number): QuestionState {
  const { question, startedAt, finishedAt, lastSuccessAt, lastDurationMs, outcome, failure } = track;
  return known({
    key: question.key,
    about: question.about,
    startedAt,
    finishedAt,
    lastSuccessAt,
    lastDurationMs,
    stuckSince: stuckSince(track, settings, now),
    heldBack: track.wanted ? question.hold : undefined,
    note: question.note,
    outcome,
    failure,
    way: question.ways[track.way]?.name,
  });
}
