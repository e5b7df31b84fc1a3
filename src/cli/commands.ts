import type { CommandName } from '../config/commands.ts';
import type { Run } from './context.ts';

/** What each command runs. Loaded when it is named: `check` starts a third sooner without what only `serve` needs. */
export const commandRuns: Readonly<Record<CommandName, Run>> = {
  serve: async (context) => (await import('./serve.ts')).serve(context),
  check: async (context) => (await import('./check/check.ts')).check(context),
  textfile: async (context) => (await import('./textfile.ts')).textfile(context),
  config: async (context) => (await import('./config.ts')).config(context),
  doctor: async (context) => (await import('./doctor/doctor.ts')).doctor(context),
  capture: async (context) => (await import('./capture/capture.ts')).capture(context),
};
