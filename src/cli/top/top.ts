import { freeSpaceIn } from '../../rules/free-space.ts';
import { topAnswer } from '../../web/api/responses.ts';
import type { Run } from '../context.ts';
import { answerAbout } from '../read-pool.ts';
import { renderTop } from './render.ts';

/** What would free space in a pool, with the commands. It changes nothing. */
export const top: Run = (context) =>
  answerAbout(context, 'top', context.operands[0] ?? '', ({ host, pool }) => {
    const found = freeSpaceIn(pool, host, context.config.limit);
    return {
      exitCode: 0,
      json: topAnswer.write({ takenAt: host.takenAt, ...found }),
      text: () => renderTop(found, host.takenAt),
    };
  });
