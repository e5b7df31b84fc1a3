import { isSetBy, yamlPath } from '../config/option.ts';
import type { Setting } from '../config/resolve.ts';
import { alignColumns } from '../format/columns.ts';
import { plain } from '../format/printable.ts';
import type { Run } from './context.ts';

/** Prints what holds, and why. */
export const config: Run = async ({ settings, print }) => {
  print(renderConfig(settings));
  return 0;
};

/** Every option with its value and its origin, as YAML that the program reads back to the same values. */
export function renderConfig(settings: readonly Setting[]): string {
  // What only a flag sets belongs to one call of a command, and holds for none but that one.
  const shown = settings.filter(({ option }) => isSetBy(option, 'file') || isSetBy(option, 'environment'));
  const lines = alignColumns(shown.map((setting) => [renderValue(setting), `# ${describeOrigin(setting)}`]));
  return `# Every option and where its value comes from. This is a file for --config.file, too.\n${lines.join('\n')}\n`;
}

/** A comment where there is nothing to load: without a value, or not to be set in a file. */
function renderValue({ option, text }: Setting): string {
  const isLoadable = text !== undefined && isSetBy(option, 'file');
  return `${isLoadable ? '' : '# '}${yamlPath(option)}: ${text === undefined ? '' : quote(text)}`;
}

/** A YAML double-quoted scalar has JSON's escapes. */
function quote(text: string): string {
  return /^[\w/][\w./%-]*$/.test(text) ? text : plain(JSON.stringify(text));
}

function describeOrigin({ option, origin, where, text }: Setting): string {
  if (origin === 'default') return text === undefined ? 'no value' : 'default';
  if (origin !== 'file') return `${origin} ${where}`;
  const place = where?.endsWith(`: ${yamlPath(option)}`)
    ? where.slice(0, -yamlPath(option).length - 2)
    : where;
  return plain(`file ${place}`);
}
