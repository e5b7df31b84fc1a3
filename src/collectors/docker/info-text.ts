import { ParseError } from '../shared/errors.ts';
import { requireWholeLines } from '../shared/lines.ts';
import { type DriverReport, toReport } from './driver.ts';

/**
 * The text of `docker info`. Up to 18.09 the relevant lines are not indented, from 19.03 on they are under `Server:`, one
 * space deeper (docker/cli cli/command/system/info.go): in both cases the driver's pairs are the lines below
 * `Storage Driver:` that are indented deeper. Lines without a colon, and warnings among the pairs, are ignored.
 */
export function parseDockerInfo(text: string): DriverReport {
  requireWholeLines(text);
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('WARNING'));
  const at = lines.findIndex((line) => readPair(line)?.key === 'Storage Driver');
  const start = lines[at];
  if (start === undefined) throw new ParseError('a "Storage Driver:" line of docker info', lines[0] ?? '');
  const margin = indentationOf(start);
  const version = lines
    .filter((line) => indentationOf(line) === margin)
    .map(readPair)
    .find(isServerVersion);
  return toReport(readPair(start)?.value ?? '', version?.value, readBlock(lines.slice(at + 1), margin));
}

interface Pair {
  readonly key: string;
  readonly value: string;
}

const isServerVersion = (pair: Pair | undefined) => pair?.key === 'Server Version';

function readBlock(lines: readonly string[], margin: number): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const line of lines) {
    if (indentationOf(line) <= margin) break;
    const pair = readPair(line);
    if (pair !== undefined && !pairs.has(pair.key)) pairs.set(pair.key, pair.value);
  }
  return pairs;
}

/** Keys contain no colon, values may: `docker-253:2-812-pool`. */
function readPair(line: string): Pair | undefined {
  const colon = line.indexOf(':');
  if (colon < 0) return undefined;
  return { key: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
}

function indentationOf(line: string): number {
  return line.length - line.trimStart().length;
}
