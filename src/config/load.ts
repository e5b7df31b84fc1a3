import { readFileSync } from 'node:fs';
import { messageOf } from '../format/error-message.ts';
import { checkTogether } from './checks.ts';
import { readCommandLine } from './command-line.ts';
import { type CommandName, commands, findCommand } from './commands.ts';
import { type Environment, findStrayVariables, readEnvironment } from './environment.ts';
import { checkCodes } from './finding-options.ts';
import { type Gathered, type Given, judge, judgeUse } from './given.ts';
import type { Option } from './option.ts';
import { type Config, type ConfigurableCollector, generalOptions, listOptions } from './options.ts';
import { buildConfig, resolveOption, type Setting } from './resolve.ts';
import { suggest } from './suggest.ts';
import { readYaml } from './yaml-file.ts';

export interface LoadInput {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly environment: Environment;
  readonly readText: (path: string) => string;
  readonly collectors: readonly ConfigurableCollector[];
  /** The codes of all findings; absent: they are not checked. */
  readonly findingCodes?: readonly string[];
}

export type Loaded =
  | { readonly kind: 'help'; readonly command?: CommandName }
  | { readonly kind: 'version' }
  /** All problems, one message each, with the place, the value and what was expected. */
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }
  | {
      readonly kind: 'run';
      readonly command: CommandName;
      readonly operands: readonly string[];
      readonly config: Config;
      readonly settings: readonly Setting[];
      readonly warnings: readonly string[];
    };

/** The input of this process. */
export function fromProcess(): Omit<LoadInput, 'collectors' | 'findingCodes'> {
  return {
    argv: process.argv.slice(2),
    environment: process.env,
    readText: (path) => readFileSync(path, 'utf8'),
  };
}

/** Precedence: arguments, environment, file, defaults. Reports all problems at once; never throws. */
export function load(input: LoadInput): Loaded {
  const options = listOptions(input.collectors);
  const line = readCommandLine(input.argv, options);
  const [word = 'serve', ...operands] = line.words;
  if (line.wants === 'version') return { kind: 'version' };
  if (line.wants === 'help' || word === 'help') return helpOn(word === 'help' ? operands[0] : line.words[0]);
  const command = findCommand(word);
  const environment = readEnvironment(input.environment, options);
  const file = readFile([...line.given, ...environment], input.readText, options);
  const given = [...line.given, ...environment, ...file.given];
  const problems = [
    ...(command === undefined ? [unknownCommand(word)] : judgeOperands(command, operands)),
    ...line.problems,
    ...(command === undefined ? [] : judgeUse(given, command.name)),
    ...file.problems,
    ...given.map(judge).filter((problem) => problem !== undefined),
  ];
  const valid = given.filter((one) => judge(one) === undefined);
  const settings = options.map((option) => resolveOption(option, valid));
  const config = buildConfig(settings, input.collectors);
  const wrongFlags = given.filter((one) => !valid.includes(one)).map(({ option }) => `--${option.flag}`);
  problems.push(
    ...checkTogether(config)
      // The value of a wrong option is not known: nothing can contradict it.
      .filter((problem) => !wrongFlags.some((flag) => mentions(problem, flag)))
      .map((problem) => withPlaces(problem, settings)),
  );
  if (input.findingCodes !== undefined) problems.push(...checkCodes(config.findings, input.findingCodes));
  if (command === undefined || problems.length > 0) return { kind: 'wrong', problems };
  const warnings = findStrayVariables(input.environment, options);
  return { kind: 'run', command: command.name, operands, config, settings, warnings };
}

/** `--a.b` in a sentence, and not as the beginning of `--a.b.c`. */
function mentions(problem: string, flag: string): boolean {
  return new RegExp(`${flag.replaceAll('.', '\\.')}(?![\\w-]|\\.\\w)`).test(problem);
}

/** Appends where the options were set that a problem is about, unless that is the command line, which it names. */
function withPlaces(problem: string, settings: readonly Setting[]): string {
  const places = settings
    .filter(({ origin, option }) => origin !== 'flag' && mentions(problem, `--${option.flag}`))
    .flatMap(({ where }) => where ?? []);
  return places.length === 0 ? problem : `${problem} (${places.join('; ')})`;
}

function helpOn(word: string | undefined): Loaded {
  const command = word === undefined ? undefined : findCommand(word);
  if (word !== undefined && command === undefined) return { kind: 'wrong', problems: [unknownCommand(word)] };
  return command === undefined ? { kind: 'help' } : { kind: 'help', command: command.name };
}

function unknownCommand(word: string): string {
  const names = commands.map(({ name }) => name);
  return `${word}: unknown command, expected one of ${names.join(', ')}${suggest(word, names)}`;
}

function judgeOperands(
  command: { name: string; operands: readonly string[] },
  given: readonly string[],
): string[] {
  const { name, operands } = command;
  const required = operands.filter((operand) => !operand.startsWith('['));
  const fits = given.length >= required.length && given.length <= operands.length;
  if (fits && !given.includes('')) return [];
  const wanted =
    operands.length === 0
      ? 'no argument'
      : `${required.length === 0 ? 'at most ' : ''}the argument ${operands.join(' ').replaceAll(/[[\]]/g, '')}`;
  return [`${name}: expected ${wanted}, got ${given.length === 0 ? 'nothing' : given.join(' ')}`];
}

function readFile(
  given: readonly Given[],
  readText: LoadInput['readText'],
  options: readonly Option[],
): Gathered {
  const file = given.find(({ option }) => option === generalOptions.configFile);
  if (file === undefined || file.text === '') return { given: [], problems: [] };
  try {
    return readYaml(readText(file.text), file.text, options);
  } catch (error) {
    return {
      given: [],
      problems: [`${file.where}: cannot read the file: ${messageOf(error)}`],
    };
  }
}
