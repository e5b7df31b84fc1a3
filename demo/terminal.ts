import { plain } from '../src/format/printable.ts';
import type { Event, Tone } from './timeline-event.ts';

/** Standard output, or a replacement in tests. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

export interface Terminal {
  readonly say: (line: string) => void;
  readonly tell: (at: number, event: Event) => void;
  /** Rarely in a log, where every status stays as a line. */
  readonly statusEveryMs: number;
  /** On a terminal, replaces the last status; elsewhere, writes a line. `status` gets the columns that it may take. */
  readonly show: (at: number, status: (columns: number) => string) => void;
  /** Ends the status line. */
  readonly close: () => void;
}

const codes: Readonly<Record<Tone, string>> = { bad: '31', doubtful: '33', good: '32', plain: '0' };
const kindWidth = 8;
const eraseLine = '\r\x1b[2K';

/** Times are seconds since the story began. Colours only on terminals, and not with NO_COLOR (no-color.org). */
export function openTerminal(
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTerminal = output.isTTY === true;
  const hasColour = isTerminal && !environment['NO_COLOR'];
  const paint = (tone: Tone, text: string) => (hasColour ? `\x1b[${codes[tone]}m${text}\x1b[0m` : text);
  let status = '';
  const write = (line: string) => output.write(isTerminal ? `${eraseLine}${line}\n${status}` : `${line}\n`);
  return {
    say: write,
    statusEveryMs: isTerminal ? 1000 : 15_000,
    tell: (at, { tone, kind, text, more = [] }) => {
      write(`${clock(at)}  ${paint(tone, kind.padEnd(kindWidth))}  ${plain(text)}`);
      for (const line of more) write(`${' '.repeat(clock(at).length + kindWidth + 4)}${plain(line)}`);
    },
    show: (at, text) => {
      // A terminal breaks a line that takes all of its columns.
      const columns = (output.columns ?? 80) - 1;
      const before = `${clock(at)}  ${'status'.padEnd(kindWidth)}  `;
      const line = `${before}${text(columns - before.length)}`;
      if (!isTerminal) return void output.write(`${line}\n`);
      status = line.slice(0, columns);
      output.write(`${eraseLine}${status}`);
    },
    close: () => {
      if (status !== '') output.write('\n');
      status = '';
    },
  };
}

function clock(at: number): string {
  const seconds = Math.floor(at);
  return `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}`;
}
