import { plain } from '../../format/printable.ts';
import { wrap } from '../../format/wrap.ts';
import type { Plan, PlanItem } from '../../model/plan.ts';

const width = 100;

const titles: Readonly<Record<PlanItem['topic'], string>> = {
  autoextend: 'Autoextend',
  metadata: 'Metadata',
  spare: 'Spare',
  next_disk: 'Next disk',
};

const states: Readonly<Record<PlanItem['state'], string>> = {
  ok: 'ok',
  change: 'CHANGE',
  unknown: 'unknown',
};

/** Text for people: each topic with its state, and the commands in lines of their own. */
export function renderPlan({ pool, items }: Plan): string {
  const sections = items.map(({ topic, state, message, commands }) => {
    const head = wrap(`${titles[topic]}: ${states[state]}. ${plain(message)}`, '', width);
    return [head, ...commands.map((command) => `    ${plain(command)}`)].join('\n');
  });
  return `${[`Plan for pool ${plain(pool)}`, ...sections].join('\n\n')}\n`;
}
