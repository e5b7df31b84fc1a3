import type { FailureReason } from '../../model/collector-state.ts';

/** The text does not match the tool's grammar. The message names what was expected and the line. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
  readonly line: string;
  constructor(expected: string, line: string) {
    super(`expected ${expected}, got ${JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line)}`);
    this.line = line;
  }
}

/** The tool is too old or too new for this variant: try the next one. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

/** The tool reported that there is nothing to read on this host (no driver, no daemon). */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The tool reported missing permission. */
export class Denied extends Error {
  override readonly name = 'Denied';
}

/** The tool exited with an error that no other class describes. */
export class Exited extends Error {
  override readonly name = 'Exited';
  readonly exitCode: number;
  constructor(exitCode: number, stderr: string) {
    const lastLine = stderr.trim().split('\n').at(-1) ?? '';
    super(`exit code ${exitCode}${lastLine === '' ? '' : `: ${lastLine.slice(0, 300)}`}`);
    this.exitCode = exitCode;
  }
}

/** The failure reason of an error; undefined for an error of any other class. */
export function reasonOf(error: unknown): FailureReason | undefined {
  if (error instanceof Unavailable) return 'unavailable';
  if (error instanceof Denied) return 'permission-denied';
  if (error instanceof Exited) return 'exited';
  return error instanceof ParseError ? 'unparseable' : undefined;
}
