import type { Host } from '../../src/model/host.ts';
import { type EvaluateOptions, type Evaluation, evaluate, type Since } from '../../src/rules/evaluate.ts';

/** Judges a host of which no history is known. */
export function judgeHost(host: Host, before: Since = new Map(), options: EvaluateOptions = {}): Evaluation {
  return evaluate({ host, trends: [] }, before, options);
}
