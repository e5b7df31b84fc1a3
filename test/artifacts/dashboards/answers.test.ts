import { expect, it } from 'vitest';
import { problemsOf } from './answers.ts';
import type { Panel } from './dashboard.ts';

const target = { refId: 'B', expr: 'x', legendFormat: '{{pool}}' };
const panel = {
  fieldConfig: {
    defaults: { unit: 'none', min: 0, mappings: [{ type: 'value', options: { 1: { text: 'on' } } }] },
    overrides: [
      { matcher: { id: 'byName', options: 'Mapped' }, properties: [{ id: 'max', value: 5 }] },
      { matcher: { id: 'byFrameRefID', options: 'A' }, properties: [{ id: 'min', value: 3 }] },
    ],
  },
  transformations: [{ id: 'organize', options: { renameByName: { 'Value #B': 'Mapped' } } }],
} as unknown as Panel;
const answer = (...values: number[]) => ({
  labels: { pool: 'a' },
  points: values.map((value, at) => [at, value] as const),
});

it('has nothing against values that are mapped, in bounds and labelled', () => {
  expect(problemsOf(panel, target, [answer(1, 1)])).toEqual([]);
});

it.each([
  [[], 'no data'],
  [[answer()], 'no data'],
  [[answer(Number.NaN, Number.NaN)], 'all NaN'],
  [[answer(1, Number.NaN)], 'is NaN'],
  [[answer(1, Number.POSITIVE_INFINITY)], 'is Infinity'],
  [[answer(-1)], '-1 is not in 0 to 5'],
  [[answer(6)], '6 is not in 0 to 5'],
  [[answer(2)], 'no word for 2'],
  [[{ labels: {}, points: [[0, 1] as const] }], 'a series without pool'],
])('%j: %s', (answers, problem) => {
  expect(problemsOf(panel, target, answers)).toContain(problem);
});
