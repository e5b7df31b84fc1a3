import type { Space } from '../../../../src/model/pool.ts';
import { makeSpace } from '../../../support/makers.ts';
import { type CodeCases, hostWith } from '../each-code.ts';

export const MiB = 1024 ** 2;
export const GiB = 1024 * MiB;
export const code = 'nearly-full';
export const dataLeft = (percent: number, sizeBytes = 200 * GiB): { data: Space } => {
  const blocks = sizeBytes / 65_536;
  return { data: makeSpace(blocks - Math.floor((blocks * percent) / 100), blocks, 65_536) };
};

export const nearlyFullCases: CodeCases = {
  [code]: {
    fires: hostWith(dataLeft(14)),
    summary: 'pool vg0-data has 28.0 GiB of data left (86.00% used)',
    quiet: hostWith(dataLeft(16)),
  },
};
