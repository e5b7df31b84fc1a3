import { parseQmStatus } from '../../src/collectors/guests/qm.ts';
import { parseDomainState } from '../../src/collectors/guests/virsh.ts';
import { parseDomains } from '../../src/collectors/names/domains.ts';
import { parseGuests } from '../../src/collectors/names/guests.ts';
import { parseMounts, parseRecords } from '../../src/collectors/names/kubelet.ts';
import { parseLinks } from '../../src/collectors/names/links.ts';
import { linesOf, ownString } from '../../src/collectors/shared/lines.ts';
import { parsePathContents } from '../../src/collectors/shared/path-contents.ts';
import { captures, type Row, row } from './row.ts';

/** What is reported stands in the text. */
function isIn(text: string, words: readonly (string | undefined)[]): string[] {
  return words.flatMap((word) =>
    word === undefined || ownString(text).includes(word)
      ? []
      : [`${JSON.stringify(word)} is not in the text`],
  );
}

const printed = (stdout: string) => ({ stdout, stderr: '', exitCode: 0, takenAt: 0 });

export const namesRows: readonly Row[] = [
  row({
    name: 'names of guests',
    seeds: captures(/^names\/guests\.txt$/),
    parse: (text) => parseGuests(linesOf(text)).records,
    check: (text, guests) => guests.flatMap(({ id, name }) => isIn(text, [`/${id}.conf:`, name])),
  }),
  row({
    name: 'disks of domains',
    seeds: captures(/^names\/domains\.txt$/),
    parse: (text) => parseDomains(linesOf(text)).records,
    check: (text, disks) =>
      disks.flatMap(({ domain }) => (/[&<>"']/.test(domain) ? [] : isIn(text, [`<name>${domain}</name>`]))),
  }),
  row({
    name: 'mounts of persistent volumes',
    seeds: captures(/^names\/mounts\.txt$/),
    parse: (text) =>
      parseMounts(linesOf(text), ({ device, kernelName }) =>
        device === '253:4' || kernelName === 'dm-5' ? 'vg-volume' : undefined,
      ).records,
    check: (text, mounts) =>
      text.includes('\\')
        ? []
        : mounts.flatMap(({ persistentVolume, pod }) => isIn(text, [persistentVolume, pod])),
  }),
  row({
    name: 'records of the kubelet',
    seeds: captures(/^names\/volumes\.txt$/),
    parse: (text) => parseRecords(linesOf(text)).records,
    check: (text, records) => records.flatMap(({ file, driver }) => isIn(text, [`${file}:`, `"${driver}"`])),
  }),
  row({
    name: 'state of guests',
    seeds: captures(/^guests\/qm.*\.txt$/),
    parse: (text) => ({ isPaused: parseQmStatus(printed(text)) }),
    check: (text, { isPaused }) =>
      /^qmpstatus: io-error$/m.test(text) === isPaused ? [] : [`paused: ${isPaused}`],
  }),
  row({
    name: 'state of domains',
    seeds: ['paused (I/O error)\n\n', 'running (booted)\n\n'],
    parse: (text) => ({ isPaused: parseDomainState(printed(text)) }),
    check: (text, { isPaused }) =>
      text.includes('paused (I/O error)') || !isPaused ? [] : ['it is paused by mistake'],
  }),
  row({
    name: 'links of Stratis',
    seeds: captures(/^names\/links\.txt$/),
    parse: (text) => parseLinks(parsePathContents(text), new Map([['/run/udev/data/b253:3', 'fs']])),
    check: (text, links) =>
      text.includes('\\u')
        ? []
        : links.flatMap(({ pool, fileSystem }) =>
            isIn(JSON.stringify(JSON.parse(text)), [
              JSON.stringify(`S:stratis/${pool}/${fileSystem}`).slice(1, -1),
            ]),
          ),
  }),
];
