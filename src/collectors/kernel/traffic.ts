import type { DeviceTraffic } from '../../model/facts.ts';
import { memoizePer } from '../../model/memoize.ts';
import { dmKernelName } from '../../model/names.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { minuteMs, secondMs, sectorBytes } from '../../model/units.ts';
import { defineCollector, type Query } from '../collector.ts';
import { ParseError } from '../shared/errors.ts';
import { parseWhole } from '../shared/number.ts';
import { parsePathContents } from '../shared/path-contents.ts';
import { watchedVolumes } from '../shared/watched-volumes.ts';
import { kernelNeeds } from './kernel.ts';
import { scramblePaths, vocabulary } from './scrambling.ts';

/** Those with most space are listed first. */
const volumesMax = 10_000;

const path = '/proc/diskstats';

/** Of more than thirty thousand devices: a line has about 120 bytes. */
const maxBytes = 4 << 20;

// Counters that the kernel serves from memory: neither the pool nor the volume does anything for them. One file has those of
// every device; /sys/block has a file for each, and to open ten thousand takes a second.
export const traffic = defineCollector({
  name: 'traffic',
  help: 'Bytes written to and discarded in each thin volume, from /proc/diskstats.',
  needs: kernelNeeds,
  defaults: { intervalMs: minuteMs, timeoutMs: 5 * secondMs },
  queries: (host) => queryFor(watchedVolumes(host)),
  scrambling: { vocabulary, scramble: scramblePaths },
});

type Named = Pick<DeviceTraffic, 'name' | 'device'>;

const queryFor = memoizePer((all: readonly Named[]): readonly Query[] => {
  const volumes = all.slice(0, volumesMax);
  if (volumes.length === 0) return [];
  return [
    {
      key: 'diskstats',
      variants: [
        {
          input: { paths: [{ how: 'text', path, maxBytes }] },
          parse: ({ stdout }) => {
            const lines = indexLines(parsePathContents(stdout).get(path) ?? '');
            const deviceTraffic = volumes.flatMap(({ name, device }) => {
              const line = lines.get(dmKernelName(device));
              return line === undefined ? [] : [{ name, device, ...parseCounters(line) }];
            });
            return { deviceTraffic };
          },
        },
      ],
    },
  ];
});

const line = /^ *\d+ +\d+ (?<kernelName>\S+) (?<counters>.*)$/gm;

/** The counters of each device of device-mapper, by its kernel name. */
function indexLines(text: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  for (const { groups } of text.matchAll(line))
    if (groups?.['kernelName']?.startsWith('dm-') === true)
      lines.set(groups['kernelName'], groups['counters'] ?? '');
  return lines;
}

/**
 * Sectors of 512 bytes: written are counter 7, discarded counter 14, which Linux has since 4.18 (Documentation/admin-guide/
 * iostats.rst). Before, it counts discards as writes. Throws ParseError.
 */
export function parseCounters(text: string): Pick<DeviceTraffic, 'writtenBytes' | 'discardedBytes'> {
  const counters = text.trim().split(/\s+/);
  if (counters.length < 11) throw new ParseError('the 11 or more counters of a block device', text);
  const bytesOf = (counter: string | undefined, what: string): number =>
    parseWhole(counter, what, text) * sectorBytes;
  return omitUndefined({
    writtenBytes: bytesOf(counters[6], 'sectors written'),
    discardedBytes: counters.length < 15 ? undefined : bytesOf(counters[13], 'sectors discarded'),
  });
}
