import type { CommandName } from '../config/commands.ts';
import type { Run } from './context.ts';

/** The implementation of each command, loaded on use: `check` starts a third faster without what only `serve` needs. */
export const commandRuns: Readonly<Record<CommandName, Run>> = {
  serve: async (context) => (await import('./serve.ts')).serve(context),
  check: async (context) => (await import('./check/check.ts')).check(context),
  room: async (context) => (await import('./room/room.ts')).room(context),
  plan: async (context) => (await import('./plan/plan.ts')).plan(context),
  top: async (context) => (await import('./top/top.ts')).top(context),
  textfile: async (context) => (await import('./textfile.ts')).textfile(context),
  config: async (context) => (await import('./config.ts')).config(context),
  notify: async (context) => (await import('./notify.ts')).notify(context),
  doctor: async (context) => (await import('./doctor/doctor.ts')).doctor(context),
  rules: async (context) => (await import('./rules.ts')).rules(context),
  dashboards: async (context) => (await import('./dashboards.ts')).dashboards(context),
  runbooks: async (context) => (await import('./runbooks.ts')).runbooks(context),
  demo: async (context) => (await import('./demo.ts')).demo(context),
  capture: async (context) => (await import('./capture/capture.ts')).capture(context),
};
