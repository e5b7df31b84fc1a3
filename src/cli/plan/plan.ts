import { daySeconds } from '../../model/units.ts';
import { planFor } from '../../rules/plan.ts';
import { planAnswer } from '../../web/api/responses.ts';
import type { Run } from '../context.ts';
import { answerAbout } from '../read-pool.ts';
import { renderPlan } from './render.ts';

/** What a pool needs so that it does not run out, with the commands. It changes nothing. */
export const plan: Run = (context) =>
  answerAbout(context, 'plan', context.operands[0] ?? '', ({ host, pool, trend }) => {
    const measured = trend?.data?.bytesPerSecond;
    const growth = context.config.growth ?? (measured === undefined ? undefined : measured * daySeconds);
    const made = planFor(pool, growth);
    return {
      exitCode: made.items.some(({ state }) => state === 'change') ? 1 : 0,
      json: planAnswer.write({ takenAt: host.takenAt, ...made }),
      text: () => renderPlan(made),
    };
  });
