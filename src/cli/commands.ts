import type { CommandName } from '../config/commands.ts';
import { check } from './check.ts';
import { config } from './config.ts';
import type { Run } from './context.ts';
import { serve } from './serve.ts';
import { textfile } from './textfile.ts';

/** What each command runs. */
export const commandRuns: Readonly<Partial<Record<CommandName, Run>>> = { check, config, serve, textfile };
