import {
  type Scrambler,
  type Scrambling,
  scrambleJson,
  scrambleLines,
  wordsIn,
} from '../shared/scrambling.ts';
import { redactInfo } from './redact.ts';

/** What Docker reports with a name or a path as its value. */
const named = new Set([
  ...['Pool Name', 'Data file', 'Metadata file', 'Data loop file', 'Metadata loop file', 'Root Dir', 'Dirs'],
  ...['DeviceName', 'Name'],
]);
const size = /^[\d.,]+ ?[kKMGTP]?i?B$/;
const counts = new Set([
  'Deferred Deleted Device Count',
  'DeviceId',
  'DeviceSize',
  'Server Version',
  'ServerVersion',
]);

function scrambleValue(value: string, key: string | undefined, { name, text, values }: Scrambler): string {
  if (key !== undefined && named.has(key)) return name(value);
  return size.test(value) || (key !== undefined && counts.has(key)) ? values(value) : text(value);
}

/** `docker info`, whose driver reports a list of pairs: the first string of a pair is the key of the second. */
function scrambleInfo(text: string, scrambler: Scrambler): string {
  if (!text.trimStart().startsWith('{'))
    return scrambleLines(text, (line) => scrambleInfoLine(line, scrambler));
  let last: string | undefined;
  return scrambleJson(
    text,
    (value, key) => {
      const made = scrambleValue(value, key ?? last, scrambler);
      last = value;
      return made;
    },
    scrambler.text,
    scrambler.text,
  );
}

function scrambleInfoLine(line: string, scrambler: Scrambler): string {
  const { key, colon, value } = /^(?<key>[^:]*)(?<colon>:(?:\s+|$))(?<value>.*)$/.exec(line)?.groups ?? {};
  if (key === undefined || value === undefined) return scrambler.text(line);
  return `${scrambler.text(key)}${colon}${scrambleValue(value, key.trim(), scrambler)}`;
}

export const scrambling: Scrambling = {
  vocabulary: {
    names: wordsIn(`
      docker containerd containers container storage devicemapper devmapper pool thinpool base init sha256 latest
      var lib run sock data metadata overlay overlay2 aufs info list inspect
    `),
    text: wordsIn(`
      docker containerd container containers podman server client version storage driver drivers status name id image images
      pool blocksize base device devices size backing filesystem udev sync supported data metadata space used total available
      file loop thin minimum free deferred removal deletion deleted enabled count library root dir dirs dirperm1 driverstatus
      serverversion servererrors clienterrors warnings kernelversion operatingsystem ostype architecture store kernel
      operating system os type architecture errors error warning response from daemon cannot connect to the is running at
      unix tcp http https var run lib sock failed api during get dial no such object permission denied while trying unknown
      flag shorthand provided but not defined context deadline exceeded devicemapper devmapper overlay overlay2 aufs btrfs
      vfs zfs true false null pretty printing info usage of loopback strongly discouraged for production use storage opt dm
      thinpooldev specify custom block deprecated and will be removed in a future release bridge nf call iptables ip6tables
      disabled swap limit support cpuset linux gnu debian ubuntu centos rocky red hat enterprise fedora alpine amd64 x86 64
      aarch64 arm64 devicename deviceid devicesize data graphdriver xfs ext4 extfs build 8 it on this socket requires or
      group only responds ce ee rc beta k m g t kb mb gb tb kib mib gib tib b
    `),
  },
  scramble: (text, scrambler, { key }) => {
    if (key === 'info') return scrambleInfo(redactInfo(text), scrambler);
    const { name } = scrambler;
    const known = new Set(['Name', 'DeviceName', 'DeviceId', 'DeviceSize', 'Data']);
    const asKey = (word: string) => (known.has(word) ? word : name(word));
    if (key === 'inspect')
      return scrambleJson(
        text,
        (value, field) => (field !== undefined && counts.has(field) ? scrambler.values(value) : name(value)),
        asKey,
        scrambler.text,
      );
    return scrambleLines(text, name);
  },
};
