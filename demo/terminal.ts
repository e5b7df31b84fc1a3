import { plain } from '../src/format/printable.ts';
import type { Event, Tone } from './timeline-event.ts';

/** What is written to: standard output, or a stand-in for it. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

export interface Terminal {
  readonly say: (line: string) => void;
  readonly tell: (at: number, event: Event) => void;
  /** A line in a log is read later; on a terminal it is seen now. */
  readonly statusEveryMs: number;
  /** Replaces the last one where the output is a terminal, and is a line like others where it is not. */
  readonly show: (at: number, status: string) => void;
  /** Leaves no half line behind. */
  readonly close: () => void;
}

const codes: Readonly<Record<Tone, string>> = { bad: '31', doubtful: '33', good: '32', plain: '0' };
const kindWidth = 8;
const eraseLine = '\r\x1b[2K';

/** Times are seconds since the show began. Colour is for terminals, and not for who sets NO_COLOR (no-color.org). */
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
      const line = `${clock(at)}  ${'status'.padEnd(kindWidth)}  ${text}`;
      if (!isTerminal) return void output.write(`${line}\n`);
      status = line.slice(0, (output.columns ?? 80) - 1);
      output.write(`${eraseLine}${status}`);
    },
    close: () => {
      if (status !== '') output.write('\n');
    },
  };
}

function clock(at: number): string {
  const seconds = Math.floor(at);
  return `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}`;
}
