import { once } from 'node:events';
import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';

/** Until this is set nobody but the owner can connect: a socket is made without the right to write for others. */
const mode = 0o660;

export function openToGroup(path: string): void {
  chmodSync(path, mode);
}

/** Removes a socket that a process left behind. Throws where somebody still answers on it, or it is something else. */
export async function removeStale(path: string): Promise<void> {
  if (!lstatSync(path).isSocket()) throw new Error('there is something that is no socket');
  if (await answers(path)) throw new Error('another process answers there');
  unlinkSync(path);
}

/** Only a refusal proves that nobody listens: a socket that may not be tried, or is busy, is somebody's. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED');
  } finally {
    socket.destroy();
  }
}
