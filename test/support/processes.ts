import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly command: string;
}

/** Processes whose files for a while lie in this folder: those that the demo started, wherever they are by now. */
export function listProcesses(temporary: string): readonly Process[] {
  return (
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => readText(`/proc/${pid}/environ`).split('\0').includes(`TMPDIR=${temporary}`))
      .map((pid) => ({
        pid: Number(pid),
        command: readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim(),
      }))
      // One that has ended and waits for its parent has no command line any more.
      .filter(({ command }) => command !== '')
  );
}

/** Their command lines. */
export function processesIn(temporary: string): readonly string[] {
  return listProcesses(temporary).map(({ command }) => command);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
