import { type CommandName, commands } from '../../../src/config/commands.ts';
import { isSetBy, isUsedBy, type Option } from '../../../src/config/option.ts';
import { type ConfigurableCollector, listOptions } from '../../../src/config/options.ts';

/** The words that a shell can complete. */
interface Words {
  /** By command, common flags included. */
  readonly flags: ReadonlyMap<CommandName, readonly string[]>;
  /** Values by flag: words, or names of files or directories. */
  readonly values: ReadonlyMap<string, readonly string[] | 'files' | 'folders'>;
}

const places = { FILE: 'files', DIR: 'folders' } as const;

function collectWords(collectors: readonly ConfigurableCollector[]): Words {
  const options = listOptions(collectors).filter((option) => isSetBy(option, 'flag'));
  const flags = commands.map(({ name }) => {
    const used = options.filter((option) => isUsedBy(option, name)).map(asFlag);
    return [name, [...used, '--help', '--version']] as const;
  });
  const values = options.flatMap((option) => {
    const own = option.type.words ?? places[option.type.placeholder as keyof typeof places];
    return own === undefined ? [] : [[`--${option.flag}`, own] as const];
  });
  return { flags: new Map(flags), values: new Map(values) };
}

/** With a trailing "=" if it takes a value. */
function asFlag({ flag, type }: Option): string {
  return type.bare === true ? `--${flag}` : `--${flag}=`;
}

/** For bash 4 or newer, with or without the package bash-completion. */
export function renderBashCompletion(collectors: readonly ConfigurableCollector[]): string {
  const { flags, values } = collectWords(collectors);
  const names = commands.map(({ name }) => name);
  return `# bash completion for thinpool-exporter, generated from its table of options
_thinpool_exporter() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} flag= command= word
  COMPREPLY=()
  # bash splits words at "=".
  if [[ $current == = ]]; then
    flag=$previous current=
  elif [[ $previous == = ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $current != -* ]]; then
    flag=$previous
  fi
  case $flag in
${[...values].map(([flag, own]) => `    ${flag}) ${bashValues(own)}; return ;;`).join('\n')}
    --help | --version | -*=*) ;;
    --*) [[ $previous == = || $current == = ]] && return ;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      ${names.join(' | ')}) command=$word; break ;;
    esac
  done
  case $command in
    textfile | capture | dashboards) [[ $current != -* ]] && { COMPREPLY=($(compgen -f -- "$current")); return; } ;;
    '') [[ $current != -* ]] && { COMPREPLY=($(compgen -W '${names.join(' ')} help' -- "$current")); return; } ;;
  esac
  case $command in
${[...flags].map(([name, own]) => `    ${name}${name === 'serve' ? " | ''" : ''}) COMPREPLY=($(compgen -W '${own.join(' ')}' -- "$current")) ;;`).join('\n')}
  esac
  [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _thinpool_exporter thinpool-exporter
`;
}

function bashValues(own: readonly string[] | 'files' | 'folders'): string {
  const words = own === 'files' ? '-f' : own === 'folders' ? '-d' : `-W '${own.join(' ')}'`;
  return `COMPREPLY=($(compgen ${words} -- "$current"))`;
}

/** For zsh: the commands, then every flag with its help. */
export function renderZshCompletion(collectors: readonly ConfigurableCollector[]): string {
  const options = listOptions(collectors).filter((option) => isSetBy(option, 'flag'));
  return `#compdef thinpool-exporter
_arguments \\
  '1:command:((${commands.map(({ name, summary }) => `${name}\\:"${zshText(summary)}"`).join(' ')}))' \\
  '*:file:_files' \\
  '(- *)--help[show help]' \\
  '(- *)--version[show the version]' \\
${options.map((option) => `  '${zshOption(option)}'`).join(' \\\n')}
`;
}

function zshOption({ flag, type, help }: Option): string {
  const name = `${type.list === true ? '*' : ''}--${flag}`;
  if (type.bare === true) return `${name}[${zshText(help)}]`;
  const place = places[type.placeholder as keyof typeof places];
  const files = place === 'files' ? '_files' : place === 'folders' ? '_files -/' : '';
  const values = type.words === undefined ? files : `(${type.words.join(' ')})`;
  return `${name}=[${zshText(help)}]:${zshText(type.placeholder)}:${values}`;
}

/** Inside brackets inside single quotes. */
function zshText(words: string): string {
  return words
    .replaceAll(/["\\]/g, '')
    .replaceAll(/[[\]:]/g, '\\$&')
    .replaceAll("'", "'\\''");
}
