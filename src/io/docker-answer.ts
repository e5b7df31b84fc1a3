import { ParseError } from '../collectors/shared/errors.ts';

/** Where something stands in a JSON object: the keys on the way to it. */
type Place = readonly string[];

/**
 * A line for each object of an answer of Docker's Engine API: a JSON array of what stands at those places in it, null
 * where nothing does, as `docker inspect --format` prints it. Throws ParseError, which shows nothing of the answer: it may
 * hold what is not to be kept.
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

/** Why the daemon refused, from the body of its answer: `{"message":"…"}`, or whatever stands there. */
export function engineMessage(body: string): string {
  try {
    const message: unknown = Reflect.get(Object(JSON.parse(body)), 'message');
    if (typeof message === 'string') return message;
  } catch {
    // A proxy in between answers in words of its own.
  }
  return body.slice(0, 300);
}
