import { collectors } from '../../../src/collectors/index.ts';
import { problemsOf } from './answers.ts';
import { choicesFor, type Values } from './choices.ts';
import { type Panel, shownPanels, type Target } from './dashboard.ts';
import { endsAt, places, stepSeconds } from './history.ts';
import type { Asking } from './prometheus.ts';
import { names, shipped } from './shipped.ts';
import { substitute } from './substitute.ts';

const shown = 3600;
/** First the one that hangs. */
const collectorNames = collectors.map(({ name }) => name).toSorted((one) => (one === 'pools' ? -1 : 0));
export const values: readonly Values[] = places
  .filter(({ silentFrom }) => silentFrom === undefined)
  .flatMap(({ instance, pools }) =>
    pools.map((pool) => ({ cluster: [], instance: [instance], pool: [pool], collector: collectorNames })),
  );

/** Every dashboard with every choice of its variables that the history has: name, choice in words, the choice. */
export const boards = names.flatMap((name) =>
  choicesFor(shipped(name), values).map(([choice, chosen]) => [name, choice, chosen] as const),
);

/** What is wrong with what the panels of a dashboard show at the end of the history. */
export async function problemsOfBoard(
  server: Asking,
  [name, , chosen]: (typeof boards)[number],
): Promise<readonly string[]> {
  const dashboard = shipped(name);
  const of = async (panel: Panel, target: Target): Promise<string[]> => {
    const expr = substitute(target.expr, dashboard, chosen);
    const answers = await (target.instant
      ? server.now(expr, endsAt)
      : server.over(expr, endsAt - shown, endsAt, stepSeconds));
    return problemsOf(panel, target, answers).map((what) => `${panel.title} ${target.refId}: ${what}`);
  };
  const problems = await Promise.all(
    shownPanels(dashboard).flatMap((panel) => (panel.targets ?? []).map((target) => of(panel, target))),
  );
  return problems.flat();
}
