import { checkNotifier } from '../alerting/push/create.ts';
import { isSetBy, yamlPath } from '../config/option.ts';
import type { Config } from '../config/options.ts';
import type { Setting } from '../config/resolve.ts';
import { alignColumns } from '../format/columns.ts';
import { plain } from '../format/printable.ts';
import { checkNotify } from '../notify/send/create.ts';
import { loadWebConfig } from '../web/access/load.ts';
import type { Run } from './context.ts';

/** Prints the effective configuration with the origin of each value; or checks it, as `serve` would at its start. */
export const config: Run = async ({ config, settings, warnings, print, printError }) => {
  if (!config.checkOnly) {
    print(renderConfig(settings));
    return 0;
  }
  for (const warning of warnings) printError(`${warning}\n`);
  const problems = [
    ...(await checkWebConfig(config)),
    ...checkNotifier(config),
    ...(await checkNotify(config)),
  ];
  for (const problem of problems) printError(`${problem}\n`);
  return problems.length === 0 ? 0 : 2;
};

async function checkWebConfig({ webConfigFile }: Config): Promise<readonly string[]> {
  return webConfigFile === undefined ? [] : (await loadWebConfig(webConfigFile)).problems;
}

/** All options as YAML, which reads back to the same values; comments give the origins. */
export function renderConfig(settings: readonly Setting[]): string {
  // Options that only a flag sets belong to one invocation of a command.
  const shown = settings.filter(({ option }) => isSetBy(option, 'file') || isSetBy(option, 'environment'));
  const lines = alignColumns(shown.map((setting) => [renderValue(setting), `# ${describeOrigin(setting)}`]));
  return `# All options with their values and origins. This output is also a valid file for --config.file.\n${lines.join('\n')}\n`;
}

/** Commented out if it has no value, or cannot be set in a file. */
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
