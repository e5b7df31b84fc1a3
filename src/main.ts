#!/usr/bin/env node
import './io/v8-flags.ts';
import { setTimeout as pause } from 'node:timers/promises';
import about from '../package.json' with { type: 'json' };
import { commandRuns } from './cli/commands.ts';
import { renderHelp } from './cli/help.ts';
import { collectors } from './collectors/index.ts';
import { superviseWord } from './config/commands.ts';
import { fromProcess, load } from './config/load.ts';
import { openHost } from './io/host-reader.ts';
import { isDirectory, replayHost } from './io/replay.ts';
import { openServiceManager } from './io/systemd-notify.ts';
import { createLogger } from './log.ts';
import { findingCodes } from './rules/evaluate.ts';

// Part of the bundle: a single executable has no other files to read.
const { version } = about;

async function main(): Promise<number> {
  if (process.argv[2] === superviseWord)
    return (await import('./cli/demo.ts')).superviseDemo(process.argv[3]);
  const given = fromProcess();
  const loaded = load({ ...given, collectors, findingCodes });
  if (loaded.kind === 'help') process.stdout.write(renderHelp(collectors, loaded.command));
  if (loaded.kind === 'version') process.stdout.write(`${version}\n`);
  if (loaded.kind === 'wrong') {
    process.stderr.write(loaded.problems.map((problem) => `${problem}\n`).join(''));
    return 2;
  }
  if (loaded.kind !== 'run') return 0;
  const { command, config, settings, operands, warnings } = loaded;
  if (config.replay !== undefined && !isDirectory(config.replay)) {
    process.stderr.write(`--replay: directory ${config.replay} does not exist\n`);
    return 2;
  }
  const log = createLogger(config, process.stderr);
  if (!config.checkOnly)
    for (const problem of warnings) log.warn({ problem }, 'Environment variable does not match any option');
  const host = openHost(given.environment);
  const { openKernelLog } = host;
  const outside =
    config.replay === undefined
      ? { read: host.read, openKernelLog }
      : { read: replayHost(config.replay, Date.now) };
  // `on`, not `once`: with no listener left, signal-exit, which ends the children, would re-raise the signal.
  const onStop = (stop: () => void): void => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  };
  const onHangUp = (reload: () => void): void => {
    process.on('SIGHUP', reload);
  };
  const print = (text: string): void => {
    process.stdout.write(text);
  };
  try {
    return await commandRuns[command]({
      config,
      settings,
      operands,
      warnings,
      version,
      log,
      now: Date.now,
      pause,
      ...outside,
      print,
      complain: (text) => void process.stderr.write(text),
      load: (environment) => load({ ...given, environment, collectors, findingCodes }),
      onStop,
      serviceManager: openServiceManager({ environment: given.environment, log }),
      onHangUp,
      environment: given.environment,
    });
  } catch (error) {
    log.error({ command, err: error }, 'Command failed');
    return 1;
  } finally {
    host.close();
  }
}

// A child in uninterruptible sleep would keep the process alive indefinitely, so it is not awaited.
void main().then((code) => process.exit(code));
