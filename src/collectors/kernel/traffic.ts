import type { DeviceTraffic } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { dmKernelName } from '../../model/names.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { minuteMs, secondMs, sectorBytes } from '../../model/units.ts';
import { defineCollector, type Query } from '../collector.ts';
import { ParseError } from '../shared/errors.ts';
import { parseWhole } from '../shared/number.ts';
import { parsePathContents } from '../shared/path-contents.ts';
import { kernelNeeds } from './kernel.ts';
import { scramblePaths, vocabulary } from './scrambling.ts';

/** Those with most space are listed first. */
const volumesMax = 10_000;

/** How many volumes one query reads: it has a deadline, and one that passes it hides only its own. */
const batch = 500;

// Counters that the kernel serves from memory: neither the pool nor the volume does anything for them.
export const traffic = defineCollector({
  name: 'traffic',
  help: 'Bytes written to and discarded in each thin volume, from /sys/block.',
  needs: kernelNeeds,
  defaults: { intervalMs: minuteMs, timeoutMs: 5 * secondMs },
  queries: (host) => queriesOf(volumesIn(host)),
  scrambling: { vocabulary, scramble: scramblePaths },
});

type Named = Pick<DeviceTraffic, 'name' | 'device'>;

function volumesIn({ pools }: Host): readonly Named[] {
  return pools
    .filter(({ excluded }) => excluded !== true)
    .flatMap(({ volumes }) => volumes)
    .slice(0, volumesMax);
}

function queriesOf(volumes: readonly Named[]): Query[] {
  const count = Math.ceil(volumes.length / batch);
  return Array.from({ length: count }, (_, at) =>
    queryTraffic(at, volumes.slice(at * batch, (at + 1) * batch)),
  );
}

function queryTraffic(at: number, volumes: readonly Named[]): Query {
  return {
    key: `stat${at === 0 ? '' : at}`,
    variants: [
      {
        input: { paths: volumes.map(({ device }) => ({ how: 'text', path: pathOf(device) })) },
        parse: ({ stdout }) => {
          const contents = parsePathContents(stdout);
          return {
            deviceTraffic: volumes.flatMap(({ name, device }) => {
              const text = contents.get(pathOf(device));
              return text === undefined ? [] : [{ name, device, ...parseStat(text) }];
            }),
          };
        },
      },
    ],
  };
}

function pathOf(device: DeviceTraffic['device']): string {
  return `/sys/block/${dmKernelName(device)}/stat`;
}

/**
 * Sectors of 512 bytes: written are field 7, discarded field 14, which Linux has since 4.18 (Documentation/admin-guide/
 * iostats.rst). Before, it counts discards as writes. Throws ParseError.
 */
export function parseStat(text: string): Pick<DeviceTraffic, 'writtenBytes' | 'discardedBytes'> {
  const fields = text.trim().split(/\s+/);
  if (fields.length < 11) throw new ParseError('the 11 or more fields of a block device', text);
  const bytesOf = (field: string | undefined, what: string): number =>
    parseWhole(field, what, text) * sectorBytes;
  return omitUndefined({
    writtenBytes: bytesOf(fields[6], 'sectors written'),
    discardedBytes: fields.length < 15 ? undefined : bytesOf(fields[13], 'sectors discarded'),
  });
}
