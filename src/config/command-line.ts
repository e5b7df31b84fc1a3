import { parseArgs } from 'node:util';
import type { Given } from './given.ts';
import { isSetBy, type Option } from './option.ts';
import { suggest } from './suggest.ts';

export interface CommandLine {
  readonly wants?: 'help' | 'version';
  /** The arguments that are neither options nor values of options, in order. */
  readonly words: readonly string[];
  readonly given: readonly Given[];
  readonly problems: readonly string[];
}

interface Flag {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** Reads the arguments after the program's name. Values are not validated here. */
export function readCommandLine(argv: readonly string[], options: readonly Option[]): CommandLine {
  const singleDashes = argv.filter((arg) => /^-[A-Za-z][A-Za-z.-]/.test(arg));
  const { tokens } = parseArgs({
    args: argv.filter((arg) => !singleDashes.includes(arg)),
    options: grammar(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags = tokens.filter((token) => token.kind === 'option');
  const words = tokens.filter((token) => token.kind === 'positional').map(({ value }) => value);
  const wanted = flags.find(({ name }) => name === 'help' || name === 'version')?.name;
  const { given, problems } = readFlags(flags, options);
  return {
    ...(wanted === 'help' || wanted === 'version' ? { wants: wanted } : {}),
    words,
    given,
    problems: [
      ...singleDashes.map((arg) => `${arg}: options start with two dashes; write -${arg}`),
      ...problems,
    ],
  };
}

function grammar(options: readonly Option[]): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  const rows = options
    .filter((option) => isSetBy(option, 'flag'))
    .map(({ flag, type, short }) => {
      const kind: 'string' | 'boolean' = type.bare === true ? 'boolean' : 'string';
      return [flag, { type: kind, ...(short !== undefined && { short }) }] as const;
    });
  const builtIn = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean', short: 'V' },
  } as const;
  return { ...Object.fromEntries(rows), ...builtIn };
}

function readFlags(flags: readonly Flag[], options: readonly Option[]) {
  const texts = new Map<Option, string[]>();
  const problems: string[] = [];
  for (const flag of flags) {
    if (flag.name === 'help' || flag.name === 'version') continue;
    const option = options.find((row) => row.flag === flag.name && isSetBy(row, 'flag'));
    if (option === undefined) problems.push(unknown(flag, options));
    else texts.set(option, [...(texts.get(option) ?? []), textOf(flag, option)]);
  }
  const given: Given[] = [];
  for (const [option, several] of texts) {
    const where = `--${option.flag}`;
    given.push({ option, text: several.join(','), origin: 'flag', where });
    if (several.length > 1 && option.type.list !== true)
      problems.push(`${where}: given ${several.length} times; give it once`);
  }
  return { given, problems };
}

/** A next argument that looks like an option is not taken as a value: the value is then empty. */
function textOf({ value, inlineValue }: Flag, option: Option): string {
  if (value === undefined) return option.type.bare === true ? 'true' : '';
  return inlineValue !== true && value.startsWith('-') ? '' : value;
}

function unknown({ name, rawName }: Flag, options: readonly Option[]): string {
  const collector = /^no-(?<flag>.+)$/.exec(name)?.groups?.['flag'];
  if (collector !== undefined && options.some(({ flag }) => flag === collector))
    return `${rawName}: unknown option (write --${collector}=off)`;
  const short = /^-(?<letter>\w)$/.exec(rawName)?.groups?.['letter']?.toLowerCase();
  const long = ['help', 'version'].find((word) => word[0] === short);
  if (long !== undefined) return `${rawName}: unknown option (did you mean --${long}?)`;
  const flags = options.filter((option) => isSetBy(option, 'flag')).map(({ flag }) => flag);
  return `${rawName}: unknown option${suggest(name, [...flags, 'help', 'version'], (flag) => `--${flag}`)}`;
}
