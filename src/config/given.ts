import type { CommandName } from './commands.ts';
import { isUsedBy, type Option, type Origin } from './option.ts';

/** The text given for an option. */
export interface Given {
  readonly option: Option;
  readonly text: string;
  readonly origin: Exclude<Origin, 'default'>;
  /** For messages: `--log.level`, `THINPOOL_LOG_LEVEL`, `/etc/thinpool.yaml:3: log.level`. */
  readonly where: string;
}

/** The options that one origin gave, and its problems, one message each. */
export interface Gathered {
  readonly given: readonly Given[];
  readonly problems: readonly string[];
}

/** The problem with a given text, or undefined. */
export function judge({ option, text, where }: Given): string | undefined {
  if (text === '') return `${where}: expected ${option.type.expects}, got nothing`;
  if (option.type.parse(text) !== undefined) return undefined;
  return `${where}: expected ${option.type.expects}, got ${JSON.stringify(withoutPassword(text))}`;
}

/** A password in a URL is rejected, and must not be displayed. */
function withoutPassword(text: string): string {
  return text.replaceAll(/\/\/\S*@/g, '//...@');
}

/** Only for flags: environment and file serve all commands, so an option that one command does not use is no mistake there. */
export function judgeUse(given: readonly Given[], command: CommandName): string[] {
  return given
    .filter(({ origin, option }) => origin === 'flag' && !isUsedBy(option, command))
    .map(
      ({ where, option }) =>
        `${where}: not an option of ${command}; it is used by ${option.commands?.join(', ')}`,
    );
}
