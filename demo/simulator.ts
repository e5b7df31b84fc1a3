import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { screensOf } from './screens.ts';
import { hostAt } from './story.ts';

/** A simulated host: a folder of stand-ins for the tools, and the texts that they print. */
export interface Simulator {
  /** To be put before PATH. */
  readonly tools: string;
  /** Makes the tools tell of the host so many seconds into the story. */
  readonly show: (storySeconds: number) => void;
  /** Removes its files. */
  readonly close: () => void;
}

/** `tools`: the folder of the stand-ins. They are copied beside their texts, which is how they find them. */
export function openSimulator(tools: string): Simulator {
  const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-demo-'));
  const bin = path.join(folder, 'bin');
  const state = path.join(folder, 'state');
  cpSync(tools, bin, { recursive: true });
  for (const name of readdirSync(bin)) chmodSync(path.join(bin, name), 0o755);
  mkdirSync(state);
  return {
    tools: bin,
    show: (storySeconds) => {
      for (const [name, text] of screensOf(hostAt(storySeconds))) replaceFile(path.join(state, name), text);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** At once: a stand-in that reads at this moment gets the old text or the new one, whole. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
