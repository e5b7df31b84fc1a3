import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from './config/options.ts';
import { messageOf } from './format/error-message.ts';
import { plain } from './format/printable.ts';

export type { Logger };

/**
 * A logger that writes whole lines to `destination`. Pass an error as the field `err`: only its message is logged, in plain words,
 * and its stack at level debug, because other properties (a command's environment, its output) may be secret. With
 * priorities, the journal knows the level of each line.
 */
export function createLogger(
  { logLevel, logFormat }: Pick<Config, 'logLevel' | 'logFormat'>,
  destination: DestinationStream,
  withPriorities = false,
): Logger {
  const write = (line: string): void => {
    const text = logFormat === 'json' ? line : formatLine(line);
    destination.write(withPriorities ? `${priorityOf(line)}${text}` : text);
  };
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: (error: unknown) => describeError(error, logLevel === 'debug') },
    },
    { write },
  );
}

/** The numbers of syslog.h, as sd-daemon(3) puts them before a line for the journal. */
const priorities: Readonly<Record<string, number>> = { fatal: 2, error: 3, warn: 4, info: 6, debug: 7 };

function priorityOf(line: string): string {
  const { level }: { level?: unknown } = JSON.parse(line);
  return `<${priorities[String(level)] ?? priorities['info']}>`;
}

function describeError(error: unknown, withStack: boolean): string {
  const stack = withStack && error instanceof Error ? error.stack : undefined;
  return stack ?? messageOf(error);
}

/**
 * A line of logfmt from one line of JSON, as Prometheus' promslog writes it:
 * `time=2026-11-30T05:00:00.000Z level=INFO msg="Listening" address=127.0.0.1:10058`.
 */
export function formatLine(line: string): string {
  const { time, level, msg, ...fields }: Record<string, unknown> = JSON.parse(line);
  const words = [
    `time=${quote(String(time))}`,
    `level=${quote(String(level).toUpperCase())}`,
    `msg=${quoted(String(msg ?? ''))}`,
  ];
  for (const [name, value] of Object.entries(fields)) words.push(...formatField(name, value));
  return `${words.join(' ')}\n`;
}

function formatField(name: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [`${name}=${quote(String(value))}`];
  return Object.entries(value).flatMap(([key, inner]) => formatField(`${name}.${key}`, inner));
}

/** The rule of Go's slog.TextHandler (log/slog text_handler.go, needsQuoting). A backslash alone needs no quotes. */
const needsQuotes = /^$|[\s"=\p{C}]/u;

function quote(text: string): string {
  return needsQuotes.test(text) ? quoted(text) : text;
}

/** JSON's escapes instead of Go's: every logfmt parser knows them. */
function quoted(text: string): string {
  return plain(JSON.stringify(text));
}
