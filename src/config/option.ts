import type { CommandName } from './commands.ts';
import type { ValueType } from './value-types.ts';

export const sections = [
  'General',
  'Web',
  'Logging',
  'Collection',
  'Health',
  'Direct notification',
  'Notification',
  'Output',
  'Demo',
] as const;
export type Section = (typeof sections)[number] | 'Collectors';

/** Where a value may come from, highest precedence first. */
export const origins = ['flag', 'environment', 'file', 'default'] as const;
export type Origin = (typeof origins)[number];

/** A row of the table of options: parsing, validation, help and docs are derived from it. */
export interface Option<Value = unknown> {
  /** `web.listen-address`. The environment variable and the YAML path are derived from it. */
  readonly flag: string;
  readonly type: ValueType<Value>;
  /** One letter that stands for the flag on a command line. */
  readonly short?: string;
  /** As a user would write it; absent: no value. */
  readonly default?: string;
  readonly help: string;
  readonly section: Section;
  /** The commands that accept it; absent: all. */
  readonly commands?: readonly CommandName[];
  /** Where it may be set; absent: everywhere. */
  readonly from?: readonly Origin[];
  /** A running exporter takes a new value from the options file on SIGHUP; without this, after a restart only. */
  readonly reload?: true;
  /** The YAML path, if it differs from the flag. */
  readonly path?: string;
}

export const environmentPrefix = 'THINPOOL_';

export function environmentName(option: Option): string {
  return `${environmentPrefix}${option.flag.toUpperCase().replaceAll(/[.-]/g, '_')}`;
}

export function yamlPath(option: Option): string {
  return option.path ?? option.flag;
}

/** `--web.listen-address=ADDRESS`; an option that only a file sets by its place there. */
export function describeName(option: Option): string {
  if (!isSetBy(option, 'flag')) return `${yamlPath(option)}: ${option.type.placeholder} (options file only)`;
  return `--${option.flag}${option.type.bare === true ? '' : `=${option.type.placeholder}`}`;
}

export function isSetBy(option: Option, origin: Origin): boolean {
  return option.from === undefined || option.from.includes(origin);
}

export function isUsedBy(option: Option, command: CommandName): boolean {
  if (option.commands === undefined || option.commands.includes(command)) return true;
  // The demo is an exporter, too, and `config` shows and checks the options of one.
  return (command === 'demo' || command === 'config') && option.commands.includes('serve');
}
