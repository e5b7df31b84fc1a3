import { formatBytes } from '../../format/bytes.ts';
import { alignColumns } from '../../format/columns.ts';
import { plain } from '../../format/printable.ts';
import { formatRate } from '../../format/rate.ts';
import { wrap } from '../../format/wrap.ts';
import type { Fit, JudgedLimit, RoomVerdict } from '../../model/room.ts';

const width = 100;

const heads: Readonly<Record<Fit, string>> = {
  fits: 'FITS',
  tight: 'TIGHT',
  does_not_fit: 'DOES NOT FIT',
  unknown: 'UNKNOWN',
};

/** Text for people: the verdict, then every limit with what it leaves. */
export function renderRoom(room: RoomVerdict): string {
  const { verdict, reason, limits } = room;
  const rows = limits.map((limit) => [nameOf(limit), describeLeft(limit), limit.isHit ? 'hit' : '']);
  const sections = [
    wrap(plain(`${heads[verdict]}: ${reason}.`), '', width),
    alignColumns([['LIMIT', 'CAN BE WRITTEN', ''], ...rows]).join('\n'),
    [...describeVolumes(room), describeGrowth(room)].join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

function nameOf({ resource, limit, origin }: JudgedLimit): string {
  const names: Readonly<Record<JudgedLimit['limit'], string>> = {
    full: `${resource} full`,
    minimum_free: `${resource} minimum free (${origin === 'option' ? 'configured' : origin})`,
    new_volumes: `${resource} limit of LVM for new volumes`,
  };
  return names[limit];
}

function describeLeft({ leftBytes, unknown }: JudgedLimit): string {
  return leftBytes === undefined ? `unknown: ${unknown}` : formatBytes(leftBytes);
}

function describeVolumes({ newVolumes }: RoomVerdict): readonly string[] {
  const words = {
    accepted: 'LVM creates new thin volumes and snapshots in it now.',
    refused: 'LVM refuses new thin volumes and snapshots in it now.',
    unknown: 'Whether LVM creates new thin volumes and snapshots in it now is not known.',
  };
  return newVolumes === undefined ? [] : [words[newVolumes]];
}

function describeGrowth({ growthBytesPerSecond: rate }: RoomVerdict): string {
  if (rate === undefined)
    return 'Growth is not known: it was read once (`--sample=30s` reads it twice; a running exporter knows it).';
  return rate > 0 ? `It fills up at ${formatRate(rate)}.` : 'It is not filling up.';
}
