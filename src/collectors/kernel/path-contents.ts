import { ParseError } from '../shared/errors.ts';

/**
 * What a reading of paths found, by path; those with nothing there are left out. The line feed that sysfs and
 * procfs put after a value is taken off, and nothing else: file names may end in spaces.
 */
export function parsePathContents(stdout: string): ReadonlyMap<string, string> {
  const contents = new Map<string, string>();
  for (const [path, content] of Object.entries(parseObject(stdout))) {
    if (content === null) continue;
    if (typeof content !== 'string') throw new ParseError(`text or null for ${path}`, stdout);
    contents.set(path, content.endsWith('\n') ? content.slice(0, -1) : content);
  }
  return contents;
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Not JSON: the same mistake as another kind of JSON.
  }
  throw new ParseError('a JSON object from path to content', text);
}
