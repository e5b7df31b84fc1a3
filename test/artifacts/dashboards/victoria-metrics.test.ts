import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectors } from '../../../src/collectors/index.ts';
import { describeWith } from '../../support/needs.ts';
import { problemsOf } from './answers.ts';
import { choicesFor, type Values } from './choices.ts';
import { type Panel, shownPanels, type Target } from './dashboard.ts';
import { endsAt, openMetrics, places, stepSeconds } from './history.ts';
import type { Running } from './prometheus.ts';
import { names, shipped } from './shipped.ts';
import { substitute } from './substitute.ts';
import { startVictoriaMetrics, victoriaMetricses } from './victoria-metrics.ts';

const shown = 3600;
const collectorNames = collectors.map(({ name }) => name).toSorted((one) => (one === 'pools' ? -1 : 0));
const values: readonly Values[] = places
  .filter(({ silentFrom }) => silentFrom === undefined)
  .flatMap(({ instance, pools }) =>
    pools.map((pool) => ({ instance: [instance], pool: [pool], collector: collectorNames })),
  );

describe.each(victoriaMetricses)('%s', (program) => {
  describeWith(program)('a history', () => {
    let server: Running;
    beforeAll(async () => {
      server = await startVictoriaMetrics({ program, history: openMetrics(), firstPort: 21_290 });
    }, 60_000);
    afterAll(() => server?.close());

    const ask = (target: Target, expr: string) =>
      target.instant ? server.now(expr, endsAt) : server.over(expr, endsAt - shown, endsAt, stepSeconds);

    it.each(
      names.flatMap((name) =>
        choicesFor(shipped(name), values).map(([choice, chosen]) => [name, choice, chosen] as const),
      ),
    )('%s, %s: every target has data as its panel shows it', { timeout: 60_000 }, async (name, _, chosen) => {
      const dashboard = shipped(name);
      const of = async (panel: Panel, target: Target): Promise<string[]> => {
        const answers = await ask(target, substitute(target.expr, dashboard, chosen));
        return problemsOf(panel, target, answers).map((what) => `${panel.title} ${target.refId}: ${what}`);
      };
      const problems = await Promise.all(
        shownPanels(dashboard).flatMap((panel) => (panel.targets ?? []).map((target) => of(panel, target))),
      );
      expect(problems.flat()).toEqual([]);
    });
  });
});
