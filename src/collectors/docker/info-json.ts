import { ParseError, Unavailable } from '../shared/errors.ts';
import { type DriverReport, toReport } from './driver.ts';
import { dockerFailure } from './failure.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The JSON of `docker info --format '{{json .}}'`, and the body of the Engine API's `GET /info`, which has the same
 * fields. From 19.03 on the client exits with 0 if the daemon does not respond, and reports why in ServerErrors.
 */
export function parseDockerInfoJson(text: string): DriverReport {
  const info = parseObject(text);
  const errors = readErrors(info['ServerErrors']);
  if (errors.length > 0) throw dockerFailure(errors.join('\n'));
  // Podman may be installed as docker, with a different format.
  if (isObject(info['store'])) throw new Unavailable('Podman answers in the place of Docker');
  const { Driver: driver, ServerVersion: version } = info;
  if (typeof driver !== 'string') throw new ParseError('a "Driver" in the JSON of docker info', text);
  return toReport(driver, typeof version === 'string' ? version : undefined, readPairs(info['DriverStatus']));
}

function parseObject(text: string): Json {
  const value = parseJson(text);
  if (!isObject(value)) throw new ParseError('a JSON object of docker info', text);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ParseError('JSON of docker info', text);
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readErrors(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((error) => typeof error === 'string') : [];
}

function readPairs(value: unknown): Map<string, string> {
  const pairs = new Map<string, string>();
  if (value === null || value === undefined) return pairs;
  if (!Array.isArray(value)) throw new ParseError('a list of pairs as "DriverStatus"', JSON.stringify(value));
  for (const pair of value) {
    const [key, text] = readPair(pair);
    if (!pairs.has(key)) pairs.set(key, text);
  }
  return pairs;
}

function readPair(pair: unknown): [string, string] {
  const [key, text]: unknown[] = Array.isArray(pair) ? pair : [];
  if (typeof key === 'string' && typeof text === 'string') return [key, text.trim()];
  throw new ParseError('a pair of strings in "DriverStatus"', JSON.stringify(pair));
}
