import { limitsOf } from '../../collect/create-monitor.ts';
import { parseBytes } from '../../format/bytes.ts';
import { plain } from '../../format/printable.ts';
import { fits } from '../../model/room.ts';
import { judgeRoom, roomBasis } from '../../rules/room.ts';
import { roomAnswer } from '../../web/api/responses.ts';
import type { Run } from '../context.ts';
import { answerAbout } from '../read-pool.ts';
import { renderRoom } from './render.ts';

const unknown = fits.indexOf('unknown');

/** Whether bytes that will be written fit in a pool, for scripts that write them. What cannot be answered is never "fits". */
export const room: Run = async (context) => {
  const { config, operands, printError } = context;
  const [name = '', size = ''] = operands;
  const bytes = parseBytes(size);
  if (bytes === undefined) {
    printError(`room: ${plain(size)}: expected a size such as 5GiB, 500M or a number of bytes\n`);
    return unknown;
  }
  return answerAbout(context, 'room', name, ({ host, pool, trend }) => {
    const verdict = judgeRoom(roomBasis(pool, host, limitsOf(config), trend), {
      bytes,
      newVolume: config.newVolume,
    });
    return {
      exitCode: fits.indexOf(verdict.verdict),
      json: roomAnswer.write({ takenAt: host.takenAt, ...verdict }),
      text: () => renderRoom(verdict),
    };
  });
};
