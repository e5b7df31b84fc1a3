import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SuiteName } from '../suites.ts';
import { type CommandOptions, type Outcome, runCommand } from './command.ts';
import type { Check, LabResult, Versions } from './result.ts';
import type { Yardstick } from './yardstick.ts';

/** What a scenario has at hand. */
export interface Lab {
  readonly scenario: string;
  readonly suite: SuiteName;
  readonly versions: Versions;
  /** The folder whose content the host keeps. */
  readonly out: string;
  readonly project: string;
  /** Paths of the machine that the lab runs on, which must not appear in a captured host. */
  readonly places: readonly string[];
  readonly say: (message: string) => void;
  /** Runs a program as it is; whatever comes of it is the answer. */
  readonly run: (argv: readonly string[], options?: CommandOptions) => Promise<Outcome>;
  /** A step: shell text that has to succeed. It is remembered for the README of a captured host. */
  readonly sh: (script: string, options?: CommandOptions) => Promise<string>;
  /** Whether a command of ours is running, and the guest's one CPU therefore not the exporter's alone. */
  readonly isBusy: () => boolean;
  /** How fast the guest itself is, all along. */
  readonly yardstick: Yardstick;
  readonly check: (name: string, ok: boolean, detail?: string | undefined) => void;
  readonly write: (file: string, content: string | Uint8Array) => void;
  /** The steps since the last call. */
  readonly takeSteps: () => readonly string[];
}

export interface LabRecord {
  readonly lab: Lab;
  readonly finish: (error?: unknown) => LabResult;
}

/** What the host passes to the guest. */
export interface LabSettings {
  readonly scenario: string;
  readonly suite: SuiteName;
  readonly versions: Versions;
  readonly out: string;
  readonly project: string;
  readonly places: readonly string[];
  readonly yardstick: Yardstick;
}

export function openLab(settings: LabSettings): LabRecord {
  const { scenario, versions, out } = settings;
  const startedAt = performance.now();
  const checks: Check[] = [];
  let steps: string[] = [];
  let running = 0;

  const log = (line: string) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
    appendFileSync(path.join(out, 'log.txt'), `${seconds} ${line}\n`);
  };
  const say = (message: string) => {
    for (const line of message.trimEnd().split('\n')) {
      log(line);
      console.log(`lab: ${line}`);
    }
  };
  const run = async (argv: readonly string[], options?: CommandOptions) => {
    running += 1;
    const outcome = await runCommand(argv, options).finally(() => {
      running -= 1;
    });
    log(
      `$ ${argv.join(' ')}  [exit ${outcome.exitCode}${outcome.lost ? ` ${outcome.lost}` : ''}, ${outcome.ms} ms]`,
    );
    if (outcome.stderr.trim()) log(outcome.stderr.trimEnd());
    return outcome;
  };
  const lab: Lab = {
    ...settings,
    say,
    run,
    sh: async (script, options) => {
      steps.push(script.trim());
      const outcome = await run(['bash', '-c', script], options);
      if (outcome.exitCode === 0) return outcome.stdout;
      throw new Error(`${script}: exit ${outcome.exitCode} ${outcome.lost ?? ''} ${outcome.stderr.trim()}`);
    },
    isBusy: () => running > 0,
    check: (name, ok, detail) => {
      checks.push({ name, ok, ...(detail === undefined ? {} : { detail }) });
      say(`${ok ? 'ok    ' : 'FAILED'} ${name}${detail === undefined ? '' : `: ${detail}`}`);
    },
    write: (file, content) => {
      const target = path.join(out, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, content);
    },
    takeSteps: () => {
      const taken = steps;
      steps = [];
      return taken;
    },
  };

  const finish = (error?: unknown): LabResult => {
    const seconds = (performance.now() - startedAt) / 1000;
    const ok = error === undefined && checks.every((check) => check.ok);
    const text =
      error instanceof Error
        ? (error.stack ?? error.message)
        : error === undefined
          ? undefined
          : String(error);
    const result = {
      scenario,
      versions,
      ok,
      seconds,
      checks,
      ...(text === undefined ? {} : { error: text }),
    };
    lab.write('result.json', `${JSON.stringify(result, null, 2)}\n`);
    return result;
  };
  return { lab, finish };
}
