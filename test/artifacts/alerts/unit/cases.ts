import type { Case } from './case.ts';
import { explainedCases } from './explained-cases.ts';
import { findingCases } from './finding-cases.ts';
import { otherCases } from './other-cases.ts';
import { recordCases } from './record-cases.ts';
import { ladderCases } from './stage-cases.ts';

export function allCases(): Case[] {
  return [...recordCases, ...ladderCases(), ...findingCases(), ...explainedCases(), ...otherCases];
}
