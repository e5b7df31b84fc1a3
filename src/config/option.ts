import type { CommandName } from './commands.ts';
import type { ValueType } from './value-types.ts';

export const sections = [
  'General',
  'Web',
  'Logging',
  'Collection',
  'Health',
  'Direct page',
  'Output',
] as const;
export type Section = (typeof sections)[number] | 'Collectors';

/** Where a value may come from, the strongest first. */
export const origins = ['flag', 'environment', 'file', 'default'] as const;
export type Origin = (typeof origins)[number];

/** A row of the table of options: parsing, checks, help and docs follow from it. */
export interface Option<Value = unknown> {
  /** `web.listen-address`. The name of the environment variable and the YAML path follow from it. */
  readonly flag: string;
  readonly type: ValueType<Value>;
  /** As one would write it. Absent: there is no value then. */
  readonly default?: string;
  readonly help: string;
  readonly section: Section;
  /** The commands that use it; absent: all. */
  readonly commands?: readonly CommandName[];
  /** Where it may be set; absent: everywhere. */
  readonly from?: readonly Origin[];
  /** The YAML path, where it is not the flag. */
  readonly path?: string;
}

export const environmentPrefix = 'THINPOOL_';

export function environmentName(option: Option): string {
  return `${environmentPrefix}${option.flag.toUpperCase().replaceAll(/[.-]/g, '_')}`;
}

export function yamlPath(option: Option): string {
  return option.path ?? option.flag;
}

export function isSetBy(option: Option, origin: Origin): boolean {
  return option.from === undefined || option.from.includes(origin);
}

export function isUsedBy(option: Option, command: CommandName): boolean {
  return option.commands === undefined || option.commands.includes(command);
}
