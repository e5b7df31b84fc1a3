import { type Scrambler, type Scrambling, scrambleLines, wordsIn } from '../shared/scrambling.ts';

/** Targets whose parameters are numbers, devices and the words below (kernel drivers/md). */
const targets = [
  ...[
    'thin',
    'thin-pool',
    'linear',
    'striped',
    'error',
    'zero',
    'mirror',
    'raid',
    'cache',
    'writecache',
    'crypt',
    'vdo',
  ],
  ...[
    'multipath',
    'snapshot',
    'snapshot-origin',
    'snapshot-merge',
    'integrity',
    'verity',
    'era',
    'delay',
    'flakey',
  ],
];

const infoRow =
  /^(?<numbers>\s*\d+\s*\|\s*\d+\s*\|[LIsrw-]{4,8}\s*\|\s*\d*\s*\|\s*\d*\s*\|)(?<uuid>[^|]*)\|(?<name>.*)$/;
const targetLine = /^(?:(?<name>.*): )?(?<place>\d+ \d+ )(?<target>\S+)(?<parameters>(?: .*)?)$/;
const dependencies = /^(?<name>.*)(?<rest>: \d+ dependencies\s*:(?: \(\d{1,10}, \d{1,10}\))*\s*)$/;
const withoutTable = /^(?<name>.+)(?<rest>:\s*)$/;

/** A letter for each device of a RAID, of which nothing is a name; absent in its table. */
const raidStatus = /^(?<before> \S+ \d+ )(?<health>[AaD-]{1,64})(?<after> .*)$/;

function scrambleRaid({ text: message, values }: Scrambler): (text: string) => string {
  return (text) => {
    const { before, health, after } = raidStatus.exec(text)?.groups ?? {};
    return before === undefined ? values(text) : `${message(before)}${health}${values(after ?? '')}`;
  };
}

function scrambleLine(line: string, scrambler: Scrambler): string {
  const { name, text, values } = scrambler;
  const info = infoRow.exec(line)?.groups;
  if (info !== undefined) return `${info['numbers']}${name(info['uuid'] ?? '')}|${name(info['name'] ?? '')}`;
  const target = targetLine.exec(line)?.groups;
  if (target !== undefined) {
    const start = target['name'] === undefined ? '' : `${name(target['name'])}: `;
    const type = target['target'] ?? '';
    const read = type === 'raid' ? scrambleRaid(scrambler) : targets.includes(type) ? values : text;
    return `${start}${target['place']}${text(type)}${read(target['parameters'] ?? '')}`;
  }
  const named = (dependencies.exec(line) ?? withoutTable.exec(line))?.groups;
  return named === undefined ? text(line) : `${name(named['name'] ?? '')}${named['rest']}`;
}

export const scrambling: Scrambling = {
  vocabulary: {
    names: wordsIn(`
      tpool tdata tmeta cdata cmeta cvol corig vorigin vdata real cow pmspare mlog rimage rmeta mimage
      pool thin thinpool data meta metadata snap snapshot root lvm stratis mpath crypt luks luks1 luks2
      docker container private fs flex mdv originsub info table deps status batch
    `),
    text: wordsIn(`
      thin pool linear striped error zero mirror raid cache writecache crypt multipath snapshot origin merge integrity
      verity era delay flakey thinpool vdo normal recovering online offline closed closing opening
      rw ro r w out of data space queue if no needs check fail skip block zeroing ignore discard passdown read only
      raid0 raid1 raid4 raid5 raid6 raid10 ls la rs ra nr nc zr near far offset copies region size devices sync nosync idle
      resync recover check repair core disk clustered handle errors a d
      metadata2 writethrough writeback passthrough smq mq cleaner migration threshold random sequential promote adjustment
      write read discard aes xts plain64 plain essiv cbc sha256 allow discards same cpu crypt submit from crypt cpus
      service time round robin length selector retain attached hw handler alua queue when f e s p pg init
      no devices found name should be mangled but it contains blacklisted characters command failed device does not
      exist permission denied operation not permitted failure to communicate with kernel driver missing is open such
      incompatible libdevmapper and unknown version that available in the library mapper control dev dependencies
      errors pretty printing cannot unable get status status ioctl on task run by id use
    `),
  },
  scramble: (text, scrambler) => scrambleLines(text, (line) => scrambleLine(line, scrambler)),
};
