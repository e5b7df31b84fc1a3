import { readRecord } from '../../measure/record.ts';
import type { ExclusiveState } from '../../model/exclusive.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { freeSpaceIn } from '../../rules/free-space.ts';
import { topAnswer } from '../../web/api/responses.ts';
import type { Context, Run } from '../context.ts';
import { answerAbout } from '../read-pool.ts';
import { renderTop } from './render.ts';

/** What would free space in a pool, with the commands. It changes nothing. */
export const top: Run = async (context) => {
  const exclusive = await readExclusive(context);
  return answerAbout(context, 'top', context.operands[0] ?? '', ({ host, pool }) => {
    const found = freeSpaceIn(pool, { ...host, ...omitUndefined({ exclusive }) }, context.config.limit);
    return {
      exitCode: 0,
      json: topAnswer.write({ takenAt: host.takenAt, ...found }),
      text: () => renderTop(found, host.takenAt),
    };
  });
};

/** What an exporter on this host has measured. Undefined if none has, or its record cannot be read. */
async function readExclusive({ config, openState }: Context): Promise<ExclusiveState | undefined> {
  const content = await openState?.(config.exclusiveState)
    .read()
    .catch(() => undefined);
  if (content === undefined) return undefined;
  const spaces = readRecord(content).spaces.filter(({ uuid }) => uuid !== undefined);
  return { spaces, outcomes: [] };
}
