import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from './config/options.ts';
import { plain } from './format/printable.ts';

export type { Logger };

/**
 * A logger that writes whole lines to `destination`, standard error in the program. Errors go under `err`; only
 * their name, message and code are logged, and the stack at level debug: what else hangs on an error (a
 * command's environment, its output) is not for a log.
 */
export function createLogger(
  { logLevel, logFormat }: Pick<Config, 'logLevel' | 'logFormat'>,
  destination: DestinationStream,
): Logger {
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: (error: unknown) => describeError(error, logLevel === 'debug') },
    },
    logFormat === 'json' ? destination : { write: (line) => destination.write(formatLine(line)) },
  );
}

function describeError(error: unknown, withStack: boolean): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { name, message, ...code, ...(withStack ? { stack } : {}) };
}

/** `2026-11-20T21:00:50.123Z INFO  listening address=:10056`, from one JSON line. */
export function formatLine(line: string): string {
  const { time, level, msg, ...fields }: Record<string, unknown> = JSON.parse(line);
  const words = [String(time), String(level).toUpperCase().padEnd(5), plain(String(msg ?? ''))];
  for (const [name, value] of Object.entries(fields)) words.push(...formatField(name, value));
  return `${words.join(' ')}\n`;
}

function formatField(name: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [`${name}=${quote(String(value))}`];
  return Object.entries(value).flatMap(([key, inner]) => formatField(`${name}.${key}`, inner));
}

function quote(text: string): string {
  return /^[\w.:/@%+,-]+$/.test(text) ? text : plain(JSON.stringify(text));
}
