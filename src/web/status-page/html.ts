import { plain } from '../../format/printable.ts';

/** Markup that is safe to send: only `html` makes it, and everything that goes in is escaped. */
export interface Html {
  readonly markup: string;
}

export type Content = Html | string | number | undefined | readonly Content[];

/**
 * A tagged template: strings are escaped, lists joined, undefined left out. Attributes must stand in double quotes.
 * Characters that nobody sees, such as those that turn the direction of text, are shown as their codes.
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
