import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../support/needs.ts';
import { boards, problemsOfBoard } from './board-problems.ts';
import { openMetrics } from './history.ts';
import type { Running } from './prometheus.ts';
import { startVictoriaMetrics, victoriaMetricses } from './victoria-metrics.ts';

describe.each(victoriaMetricses)('%s', (program) => {
  describeWith(program)('a history', () => {
    let server: Running;
    beforeAll(async () => {
      server = await startVictoriaMetrics({ program, history: openMetrics(), firstPort: 21_290 });
    }, 60_000);
    afterAll(() => server?.close());

    it.each(boards)(
      '%s, %s: every target has data as its panel shows it',
      { timeout: 60_000 },
      async (...board) => {
        expect(await problemsOfBoard(server, board)).toEqual([]);
      },
    );
  });
});
