import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { errnoOf } from './errno.ts';

/** The permissions of this process for device-mapper. */
export interface Rights {
  readonly uid: number;
  /** The device through which every dmsetup command goes (lvm2 libdm/ioctl/libdm-iface.c). */
  readonly control: 'usable' | 'denied' | 'absent';
}

export const controlDevice = '/dev/mapper/control';

/** Checks with access(2): nothing is opened. */
export async function readRights(path = controlDevice): Promise<Rights> {
  return { uid: process.geteuid?.() ?? -1, control: await readControl(path) };
}

async function readControl(path: string): Promise<Rights['control']> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return 'usable';
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'absent' : 'denied';
  }
}
