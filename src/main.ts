#!/usr/bin/env node
import './io/no-inspector.ts';
import './io/v8-flags.ts';
import { setTimeout as pause } from 'node:timers/promises';
import about from '../package.json' with { type: 'json' };
import { commandRuns } from './cli/commands.ts';
import type { Context } from './cli/context.ts';
import { renderHelp } from './cli/help.ts';
import { collectors } from './collectors/index.ts';
import { superviseWord } from './config/commands.ts';
import { fromProcess, load } from './config/load.ts';
import { messageOf } from './format/error-message.ts';
import { plain } from './format/printable.ts';
import { openHost } from './io/host-reader.ts';
import { isJournal } from './io/journal.ts';
import { replayHost, whyNoCapture } from './io/replay.ts';
import { printTo } from './io/standard-output.ts';
import { openStateFile } from './io/state-file.ts';
import { openServiceManager } from './io/systemd-notify.ts';
import { createLogger } from './log.ts';
import { findingCodes } from './rules/evaluate.ts';

// Part of the bundle: a single executable has no other files to read.
const { version } = about;
const output = printTo(process.stdout);
const errors = printTo(process.stderr);

async function main(): Promise<number> {
  if (process.argv[2] === superviseWord)
    return (await import('./cli/demo.ts')).superviseDemo(process.argv[3]);
  const given = fromProcess();
  const loaded = load({ ...given, collectors, findingCodes });
  if (loaded.kind === 'help') output.print(renderHelp(collectors, loaded.command));
  if (loaded.kind === 'version') output.print(`${version}\n`);
  if (loaded.kind === 'wrong') {
    errors.print(loaded.problems.map((problem) => `${problem}\n`).join(''));
    return 2;
  }
  if (loaded.kind !== 'run') return 0;
  const { command, config, settings, operands, warnings } = loaded;
  const unusable = config.replay === undefined ? undefined : whyNoCapture(config.replay, collectors);
  if (unusable !== undefined) {
    errors.print(`--replay: ${unusable}\n`);
    return 2;
  }
  const log = createLogger(config, { write: errors.print }, isJournal(given.environment, process.stderr.fd));
  if (!config.checkOnly)
    for (const problem of warnings) log.warn({ problem }, 'Environment variable does not match any option');
  const host = openHost(given.environment);
  const { openKernelLog } = host;
  const outside =
    config.replay === undefined
      ? { read: host.read, openKernelLog, openState: openStateFile }
      : { read: replayHost(config.replay, Date.now) };
  // `on`, not `once`: with no listener left, signal-exit, which ends the children, would re-raise the signal.
  const onStop: Context['onStop'] = (stop) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  };
  const onHangUp = (reload: () => void): void => {
    process.on('SIGHUP', reload);
  };
  try {
    return await commandRuns[command]({
      config,
      settings,
      operands,
      warnings,
      version,
      nodeVersion: process.versions.node,
      log,
      now: Date.now,
      pause,
      ...outside,
      print: output.print,
      printError: errors.print,
      load: (environment) => load({ ...given, environment, collectors, findingCodes }),
      onStop,
      serviceManager: openServiceManager({ environment: given.environment, log }),
      onHangUp,
      environment: given.environment,
    });
  } catch (error) {
    // `serve` runs in the background, the others for a person or a timer.
    if (command === 'serve') log.error({ err: error }, 'Exporter failed');
    else errors.print(`${command}: ${plain(messageOf(error))}\n`);
    log.debug({ err: error }, 'Command failed');
    return 1;
  } finally {
    host.close();
  }
}

/** Unknown to monitoring plugins, whatever the command found: 1 would be a warning, and 0 ok. */
const unwritten = 3;

/** A reader of the log that does not read must not keep the program from ending. */
const errorsMs = 500;

async function finish(code: number): Promise<number> {
  const failure = await output.finish();
  if (failure !== undefined) errors.print(`cannot write to standard output: ${failure.message}\n`);
  await Promise.race([errors.finish(), pause(errorsMs)]);
  return failure === undefined ? code : unwritten;
}

// A child in uninterruptible sleep would keep the process alive indefinitely, so it is not awaited.
void main()
  .then(finish)
  .then((code) => process.exit(code));
