import { sectorBytes, smallestBlockSectors } from '../../model/units.ts';
import { printedDigits, roundingBytes } from '../../thinpool/docker-rounding.ts';
import { ParseError } from '../shared/errors.ts';

// go-units HumanSize: `%.4g` and a decimal unit, a space between them until Docker 17.03. At most four digits, no zeros
// after the last one, and 1000 where 999.95 or more of the unit below was rounded up.
const humanSize = /^(?<whole>0|[1-9]\d{0,2}|1000)(?:\.(?<fraction>\d{0,2}[1-9]))? ?(?<unit>[kMGTPE]?B)$/;
const humanUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

// Docker up to 1.2 printed `%.1f Mb` and `%d Kb`, and meant MiB and KiB (moby deviceset.go and driver.go of the time).
const oldSize = /^(?<amount>\d{1,10})(?:\.(?<tenths>\d) (?<mebi>Mb)| (?<kibi>Kb))$/;
const kibiBytes = 1024;

/** How 2^64 - 1 is printed. */
const largestBytes = 18.45e18;

/** A size as `docker info` prints it, in bytes: the middle of the range that is rounded to it. */
export function parseSize(text: string, line: string): number {
  const bytes = readHumanSize(text) ?? readOldSize(text);
  if (bytes === undefined || bytes > largestBytes) throw new ParseError('a size such as 38.14 GB', line);
  return bytes;
}

function readHumanSize(text: string): number | undefined {
  const { whole, fraction = '', unit = '' } = humanSize.exec(text)?.groups ?? {};
  if (whole === undefined) return undefined;
  const power = humanUnits.indexOf(unit);
  if (whole.length + fraction.length > printedDigits) return undefined;
  // Bytes are whole numbers below 1000; larger units have at least one.
  if (unit === 'B' ? fraction !== '' || whole === '1000' : whole === '0') return undefined;
  return Number(whole + fraction) * 10 ** (3 * power - fraction.length);
}

function readOldSize(text: string): number | undefined {
  const { amount, tenths, kibi } = oldSize.exec(text)?.groups ?? {};
  if (amount === undefined) return undefined;
  if (kibi !== undefined) return Number(amount) * kibiBytes;
  return Math.round((Number(`${amount}${tenths}`) * kibiBytes ** 2) / 10);
}

/**
 * The block size that was rounded to this: a multiple of 64 KiB (kernel dm-thin.c, pool_ctr). Unknown if no multiple is
 * within the rounding error, as while a resize is pending (moby divides the length by the blocks in use), or if several
 * are, from about 100 MB on.
 */
export function snapBlockSize(printedBytes: number): number | undefined {
  const grain = smallestBlockSectors * sectorBytes;
  const rounding = roundingBytes(printedBytes);
  const least = Math.ceil((printedBytes - rounding) / grain);
  const most = Math.floor((printedBytes + rounding) / grain);
  return least === most && least > 0 ? least * grain : undefined;
}
