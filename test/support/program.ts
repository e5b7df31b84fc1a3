import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..', '..');
const place = join(project, '.cache', 'program');

/** Builds the program as it is published, apart from dist. */
export function buildProgram(): void {
  mkdirSync(place, { recursive: true });
  copyFileSync(join(project, 'package.json'), join(place, 'package.json'));
  execFileSync(process.execPath, [join(project, 'scripts/build/build.mjs'), join(place, 'dist/main.js')]);
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Settles with the first match in what it has written to standard error. */
  readonly logged: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** What it has written to standard error so far. */
  readonly text: () => string;
}

/** Starts the built program with nothing in its environment but a PATH; `under` is a command that starts it. */
export function startProgram(
  args: readonly string[],
  path = '/usr/bin:/bin',
  under: readonly string[] = [],
): Running {
  const [command = '', ...rest] = [...under, process.execPath, join(place, 'dist', 'main.js'), ...args];
  const child = spawn(command, rest, { env: { PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...text })));
  const logged = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const findLine = (): void => {
        const match = pattern.exec(text.stderr);
        if (match !== null) resolve(match);
      };
      child.stderr.on('data', findLine);
      child.on('close', () => reject(new Error(`ended without ${pattern}: ${text.stderr}`)));
      findLine();
    });
  return { child, ended, logged, text: () => text.stderr };
}

export function runProgram(args: readonly string[], path?: string): Promise<Ended> {
  return startProgram(args, path).ended;
}

/** A folder of small executables, for a PATH. */
export function writeTools(dir: string, tools: Readonly<Record<string, string>>): string {
  mkdirSync(dir, { recursive: true });
  for (const [name, script] of Object.entries(tools)) {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
}
