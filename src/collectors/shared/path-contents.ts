import { ParseError } from './errors.ts';

/**
 * The output of a query of paths, by path; absent ones are left out. Only the line feed that sysfs and procfs append to a
 * value is removed, because file names may end in spaces. Throws ParseError.
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
    // Invalid JSON is reported like JSON of the wrong type.
  }
  throw new ParseError('a JSON object from path to content', text);
}
