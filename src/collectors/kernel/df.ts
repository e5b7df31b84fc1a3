import type { VolumeUsage } from '../../model/facts.ts';
import type { Output } from '../collector.ts';
import { Exited, ParseError, Unavailable } from '../shared/errors.ts';
import { parseWhole } from '../shared/number.ts';

/** POSIX output in KiB. statfs on a file system that hangs never returns, so it runs in a child. */
export function dfCommand(mountPoint: string): readonly [string, ...string[]] {
  return ['df', '-P', '-k', '--', mountPoint];
}

const row = /^(?<source>\S.*?) +(?<size>\d+) +(?<used>\d+) +(?:-?\d+) +(?:\d+%|-) +(?<mountPoint>\/.*)$/;

/**
 * What the file system uses that df found at a place. That is another one if the place is hidden from the exporter, as by
 * ProtectHome, or if it is not mounted any more: `sources` are the names of the device that is meant.
 */
export function parseDf(
  output: Output,
  sources: readonly string[],
): Pick<VolumeUsage, 'usedBytes' | 'sizeBytes'> {
  if (output.exitCode !== 0) throw explain(output);
  const [, line = '', ...others] = output.stdout.replace(/\n$/, '').split('\n');
  const { source, size, used } = row.exec(line)?.groups ?? {};
  if (source === undefined || others.length > 0)
    throw new ParseError('a heading of df and one file system', line);
  if (!sources.includes(source)) throw new Unavailable('another file system is there');
  const [sizeKiB, usedKiB] = [
    parseWhole(size, 'a size in KiB', line),
    parseWhole(used, 'a number of KiB', line),
  ];
  if (usedKiB > sizeKiB) throw new ParseError('no more used than there is', line);
  return { usedBytes: usedKiB * 1024, sizeBytes: sizeKiB * 1024 };
}

function explain({ exitCode, stderr }: Output): Error {
  if (/No such file or directory|Not a directory|find mount point/.test(stderr))
    return new Unavailable('the mount point is not there (any more)');
  // Of another user: the exporter may have no right to look there, and needs none for the rest.
  if (/Permission denied/.test(stderr)) return new Unavailable('no right to reach the mount point');
  return new Exited(exitCode, stderr);
}
