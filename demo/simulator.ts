import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kernelFiles, kernelLinks } from './screens/kernel-files.ts';
import { kernelMessages } from './screens/kernel-log.ts';
import { screensOf } from './screens.ts';
import { type Story, stories } from './story.ts';

/** A simulated host: a folder of simulated tools, and the texts that they print. */
export interface Simulator {
  /** Contains all its files, and others that are removed with it. */
  readonly folder: string;
  /** To be prepended to PATH. */
  readonly tools: string;
  /** The folder that replaces `/`, with the kernel's files. */
  readonly root: string;
  /** Makes the tools report the host at this second of the story. */
  readonly show: (storySeconds: number) => void;
  /** Removes its files. */
  readonly close: () => void;
}

/** Writes the simulated tools next to the texts that they print: they find them by their own path. */
export function openSimulator(
  tools: Readonly<Record<string, string>>,
  { hostAt }: Pick<Story, 'hostAt'> = stories.docker,
): Simulator {
  const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-demo-'));
  const bin = path.join(folder, 'bin');
  const state = path.join(folder, 'state');
  mkdirSync(bin);
  for (const [name, text] of Object.entries(tools)) {
    writeFileSync(path.join(bin, name), text);
    chmodSync(path.join(bin, name), 0o755);
  }
  mkdirSync(state);
  const root = path.join(folder, 'root');
  placeKernelFiles(root);
  const log = openKernelLog(makeRoom(path.join(root, 'dev/kmsg')));
  let shown = hostAt(0);
  return {
    folder,
    tools: bin,
    root,
    show: (storySeconds) => {
      const host = hostAt(storySeconds);
      for (const [name, text] of screensOf(host)) replaceFile(path.join(state, name), text);
      for (const message of kernelMessages(shown, host)) log(message);
      shown = host;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Atomic: a tool that reads at this moment gets either the old or the new text. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function placeKernelFiles(root: string): void {
  for (const [name, text] of Object.entries(kernelFiles)) writeFileSync(makeRoom(root + name), text);
  for (const [name, target] of Object.entries(kernelLinks)) symlinkSync(target, makeRoom(root + name));
}

/** Record format of /dev/kmsg: priority, sequence, microseconds of the monotonic clock, flags; text. */
function openKernelLog(file: string): (message: string) => void {
  let sequence = 0;
  const log = (message: string): void => {
    appendFileSync(file, `4,${sequence},${process.hrtime.bigint() / 1000n},-;${message}\n`);
    sequence += 1;
  };
  log('device-mapper: uevent: version 1.0.3');
  return log;
}

function makeRoom(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  return file;
}
