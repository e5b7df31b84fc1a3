import { ParseError } from '../collectors/shared/errors.ts';

/** A path in a JSON object: the keys to a value. */
type Place = readonly string[];

/**
 * One line per object in a response of Docker's Engine API: a JSON array of the values at these paths, null if absent, as
 * `docker inspect --format` prints it. Throws ParseError without the response text, which may contain secrets.
 */
export function keepParts(body: string, keep: readonly Place[]): string {
  const value = parse(body);
  const rows = Array.isArray(value) ? value : [value];
  return rows.map((row) => `${JSON.stringify(keep.map((place) => valueAt(row, place)))}\n`).join('');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ParseError('JSON from the Engine API', `${body.length} characters that are none`);
  }
}

function valueAt(row: unknown, place: Place): unknown {
  let value = row;
  for (const key of place) {
    if (typeof value !== 'object' || value === null) return null;
    value = Reflect.get(value, key);
  }
  return value;
}

/** The error message in the body of a response: `{"message":"…"}`, or the start of any other text. */
export function engineMessage(body: string): string {
  try {
    const message: unknown = Reflect.get(Object(JSON.parse(body)), 'message');
    if (typeof message === 'string') return message;
  } catch {
    // A proxy in between has a format of its own.
  }
  return body.slice(0, 300);
}
