import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..', '..');

/** What a user reads: its code blocks have to work. Decisions and the changelog name what is no more, too. */
const places = ['README.md', 'SECURITY.md', 'docs', 'demo/compose/README.md', 'alerts', 'dashboards'];
const past = /^docs\/(?:decisions|interface)\//;

export interface Document {
  readonly file: string;
  readonly text: string;
}

export const documents: readonly Document[] = places
  .flatMap(markdownIn)
  .filter((file) => !past.test(file))
  .map((file) => ({ file, text: readFileSync(join(project, file), 'utf8') }));

function markdownIn(place: string): readonly string[] {
  if (place.endsWith('.md')) return [place];
  return readdirSync(join(project, place), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
    .map((file) => `${place}/${file}`)
    .sort();
}

/** The fenced blocks of a language; those without one show what a command prints. */
export function blocksOf(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^ *```(?<of>\S*)\n(?<block>.*?)^ *```$/gms)]
    .filter(({ groups }) => groups?.['of'] === language)
    .map(({ groups }) => groups?.['block'] ?? '');
}

/** The commands of a script, each as its words: without remarks, redirections, and the variables set for it. */
export function commandsIn(script: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const token of tokensOf(script)) {
    if (token.kind === 'end') commands.push([]);
    else commands.at(-1)?.push(token.text);
  }
  return commands
    .map((words) => withoutRedirections(words))
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))))
    .filter(([word]) => word !== undefined && !/^[A-Z_]+=/.test(word));
}

type Token = { readonly kind: 'word'; readonly text: string } | { readonly kind: 'end' };

const token =
  /\\\n|(?<space>[ \t]+#.*)|(?<end>\n|\|\||\||&&|;)|(?<word>(?:'[^']*'|"[^"]*"|\\[^\n]|[^\s|;&'"\\]|&(?!&))+)/g;

function tokensOf(script: string): readonly Token[] {
  return [...script.replaceAll(/^#.*$/gm, '').matchAll(token)].flatMap(({ groups }): readonly Token[] => {
    if (groups?.['end'] !== undefined) return [{ kind: 'end' }];
    const word = groups?.['word'];
    return word === undefined ? [] : [{ kind: 'word', text: unquoted(word) }];
  });
}

function unquoted(word: string): string {
  return word.replaceAll(
    /'([^']*)'|"([^"]*)"|\\(.)/g,
    (_, single?: string, double?: string, escaped?: string) => single ?? double ?? escaped ?? '',
  );
}

function withoutRedirections(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => /^[0-9&]*>/.test(word));
  if (at === -1) return words;
  const width = /^[0-9&]*>>?$/.test(words[at] ?? '') ? 2 : 1;
  return withoutRedirections([...words.slice(0, at), ...words.slice(at + width)]);
}
