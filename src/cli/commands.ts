import type { CommandName } from '../config/commands.ts';
import { capture } from './capture.ts';
import { check } from './check.ts';
import { config } from './config.ts';
import type { Run } from './context.ts';
import { doctor } from './doctor.ts';
import { serve } from './serve.ts';
import { textfile } from './textfile.ts';

/** What each command runs. */
export const commandRuns: Readonly<Record<CommandName, Run>> = {
  serve,
  check,
  textfile,
  config,
  doctor,
  capture,
};
