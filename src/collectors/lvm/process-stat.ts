import { ParseError } from '../shared/errors.ts';

export interface ProcessStat {
  /** Name of the program, cut by the kernel to 15 bytes. */
  readonly command: string;
  /** One letter: R, S, D, T, t, Z, X, I (man proc_pid_stat). */
  readonly state: string;
}

/** `/proc/PID/stat`: `PID (command) STATE …`, where the command may contain spaces and parentheses. */
export function parseProcessStat(text: string): ProcessStat {
  const { command, state } = /^\d+ \((?<command>.*)\) (?<state>[A-Za-z]) /s.exec(text)?.groups ?? {};
  if (command === undefined || state === undefined)
    throw new ParseError('"PID (command) STATE …" of /proc/PID/stat', text);
  return { command, state };
}
