import type { CommandName } from './commands.ts';
import { isUsedBy, type Option, type Origin } from './option.ts';

/** A text that somebody gave for an option. */
export interface Given {
  readonly option: Option;
  readonly text: string;
  readonly origin: Exclude<Origin, 'default'>;
  /** For people: `--log.level`, `THINPOOL_LOG_LEVEL`, `/etc/thinpool.yaml:3: log.level`. */
  readonly where: string;
}

/** What one origin gave, and what is wrong with it, as sentences. */
export interface Gathered {
  readonly given: readonly Given[];
  readonly problems: readonly string[];
}

/** What is wrong with a given text, or undefined. */
export function judge({ option, text, where }: Given): string | undefined {
  if (text === '') return `${where}: expected ${option.type.expects}, got nothing`;
  if (option.type.parse(text) !== undefined) return undefined;
  return `${where}: expected ${option.type.expects}, got ${JSON.stringify(withoutPassword(text))}`;
}

/** Whoever puts a password into an address has it refused, not shown. */
function withoutPassword(text: string): string {
  return text.replaceAll(/\/\/\S*@/g, '//...@');
}

/** Said of a flag only: environment and file serve all commands, so what one of them does not use is no mistake. */
export function judgeUse(given: readonly Given[], command: CommandName): string[] {
  return given
    .filter(({ origin, option }) => origin === 'flag' && !isUsedBy(option, command))
    .map(
      ({ where, option }) =>
        `${where}: not an option of ${command}; it is used by ${option.commands?.join(', ')}`,
    );
}
