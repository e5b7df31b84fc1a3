import { runbooksAutoextend } from './runbooks-autoextend.ts';
import { runbooksDocker } from './runbooks-docker.ts';
import { runbooksMetadata } from './runbooks-metadata.ts';
import { runbooksRaw } from './runbooks-raw.ts';
import { runbooksRepair } from './runbooks-repair.ts';
import { runbooksSpace } from './runbooks-space.ts';
import { runbooksStall } from './runbooks-stall.ts';
import { runbooksXfs } from './runbooks-xfs.ts';

/** Together they try every block of the runbooks that is marked as tried. */
export const runbookScenarios = [
  runbooksSpace,
  runbooksMetadata,
  runbooksRepair,
  runbooksRaw,
  runbooksAutoextend,
  runbooksDocker,
  runbooksStall,
  runbooksXfs,
] as const;
