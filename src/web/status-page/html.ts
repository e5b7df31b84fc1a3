import { plain } from '../../format/printable.ts';

/** Safe markup: only `html` makes it, and it escapes all content. */
export interface Html {
  readonly markup: string;
}

export type Content = Html | string | number | undefined | readonly Content[];

/**
 * A tagged template: escapes strings, joins lists, drops undefined. Attributes must be in double quotes. Invisible
 * characters, such as those that reverse the direction of text, are shown as codes.
 */
export function html(literals: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return { markup: literals.map((literal, at) => literal + render(contents[at])).join('') };
}

function render(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return escapeText(plain(content));
  if (typeof content === 'number') return String(content);
  return 'markup' in content ? content.markup : content.map(render).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? '');
}
