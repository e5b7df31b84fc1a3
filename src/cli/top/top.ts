import { plain } from '../../format/printable.ts';
import { freeSpaceIn } from '../../rules/free-space.ts';
import { topAnswer } from '../../web/api/responses.ts';
import type { Run } from '../context.ts';
import { readPool } from '../read-pool.ts';
import { renderTop } from './render.ts';

const unknown = 3;

/** What would free space in a pool, with the commands. It changes nothing. */
export const top: Run = async (context) => {
  const { config, operands, print, printError } = context;
  const read = await readPool(context, operands[0] ?? '');
  if ('failure' in read) {
    printError(`top: ${plain(read.failure)}\n`);
    return unknown;
  }
  const { host, pool } = read;
  const found = freeSpaceIn(pool, host, config.limit);
  print(
    config.json
      ? `${JSON.stringify(topAnswer.write({ takenAt: host.takenAt, ...found }), undefined, 2)}\n`
      : renderTop(found, host.takenAt),
  );
  return 0;
};
