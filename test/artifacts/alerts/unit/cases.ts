import type { Case } from './case.ts';
import { findingCases } from './finding-cases.ts';
import { ladderCases } from './ladder-cases.ts';
import { otherCases } from './other-cases.ts';
import { recordCases } from './record-cases.ts';

export function allCases(): Case[] {
  return [...recordCases, ...ladderCases(), ...findingCases(), ...otherCases];
}
