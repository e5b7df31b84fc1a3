/**
 * Wraps text to lines of at most `width` characters, each with `indent`. A longer word gets a line of its own. A command in
 * backticks counts as one word: it has to be pasted whole.
 */
export function wrap(text: string, indent: string, width: number): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.match(/(?:`[^`]*`|\S)+/g) ?? []) {
    if (line !== indent && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
