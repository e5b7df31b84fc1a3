import { plain } from '../../format/printable.ts';
import { daySeconds } from '../../model/units.ts';
import { planFor } from '../../rules/plan.ts';
import { planAnswer } from '../../web/api/responses.ts';
import type { Run } from '../context.ts';
import { readPool } from '../read-pool.ts';
import { renderPlan } from './render.ts';

const unknown = 3;

/** What a pool needs so that it does not run out, with the commands. It changes nothing. */
export const plan: Run = async (context) => {
  const { config, operands, print, printError } = context;
  const read = await readPool(context, operands[0] ?? '');
  if ('failure' in read) {
    printError(`plan: ${plain(read.failure)}\n`);
    return unknown;
  }
  const { host, pool, trend } = read;
  const measured = trend?.data?.bytesPerSecond;
  const growth = config.growth ?? (measured === undefined ? undefined : measured * daySeconds);
  const made = planFor(pool, growth);
  print(
    config.json
      ? `${JSON.stringify(planAnswer.write({ takenAt: host.takenAt, ...made }), undefined, 2)}\n`
      : renderPlan(made),
  );
  return made.items.some(({ state }) => state === 'change') ? 1 : 0;
};
