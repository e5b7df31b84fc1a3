import { limitsOf } from '../../collect/create-monitor.ts';
import { parseBytes } from '../../format/bytes.ts';
import { plain } from '../../format/printable.ts';
import { fits } from '../../model/room.ts';
import { judgeRoom, roomBasis } from '../../rules/room.ts';
import { roomAnswer } from '../../web/api/responses.ts';
import type { Run } from '../context.ts';
import { readPool } from '../read-pool.ts';
import { renderRoom } from './render.ts';

const unknown = fits.indexOf('unknown');

/** Whether bytes that will be written fit in a pool, for scripts that write them. What cannot be answered is never "fits". */
export const room: Run = async (context) => {
  const { config, operands, print, printError } = context;
  const [name = '', size = ''] = operands;
  const bytes = parseBytes(size);
  if (bytes === undefined) {
    printError(`room: ${plain(size)}: expected a size such as 5GiB, 500M or a number of bytes\n`);
    return unknown;
  }
  const read = await readPool(context, name);
  if ('failure' in read) {
    printError(`room: ${plain(read.failure)}\n`);
    return unknown;
  }
  const { host, pool, trend } = read;
  const verdict = judgeRoom(roomBasis(pool, host, limitsOf(config), trend), {
    bytes,
    newVolume: config.newVolume,
  });
  print(
    config.json
      ? `${JSON.stringify(roomAnswer.write({ takenAt: host.takenAt, ...verdict }), undefined, 2)}\n`
      : renderRoom(verdict),
  );
  return fits.indexOf(verdict.verdict);
};
