import type { Collector } from '../../collectors/collector.ts';
import { wordsIn } from '../../collectors/shared/scrambling.ts';
import type { Recorded } from '../../io/record.ts';
import { type CaptureScrambler, createScrambler } from './scramble.ts';

/** Words of this program: in the reasons why there is no output. */
const own = {
  names: [],
  text: wordsIn(`
    no result response within ms more than bytes is not on the path permission to run read could be started unknown error
    daemon closed connection before its was complete exists exist this host requires root or cap syslog docker socket group
    responds expected http got json from engine api characters that are none but without command only a unix supported set
    it install pid file does input output connect econnrefused enoent eio eacces eperm etimedout emfile enomem einval too many open
    files no such or directory i o version library driver lvm osrelease build kernel release configuration
    amd64 x86 aarch64 arm64 generic pve el6 el7 el8 el9 el10 dfsg dfsg1 deb lts virt cloud
  `),
};

export interface ScrambledHost {
  readonly recorded: readonly Recorded[];
  /** The words that were kept. */
  readonly kept: readonly string[];
  readonly scrambler: CaptureScrambler;
}

/** Recorded output of which only known words are kept: in keys, outputs, error messages and reasons of failures. */
export function scrambleRecorded(
  recorded: readonly Recorded[],
  collectors: readonly Pick<Collector, 'name' | 'scrambling'>[],
  salt: string,
): ScrambledHost {
  const known = collectors.flatMap(({ scrambling }) => scrambling?.vocabulary ?? []);
  const scrambler = createScrambler([own, ...new Set(known)], salt);
  const scrambled = recorded.map(({ place, result }): Recorded => {
    const { name, text, values } = scrambler;
    // Not a collector's, but `doctor` reads versions here: the parts of a version are numbers.
    const isVersion = place.collector === 'tools';
    const key = isVersion ? place.key : name(place.key);
    if (!result.ok) return { place: { ...place, key }, result: { ...result, detail: text(result.detail) } };
    const { stdout, stderr } = result.output;
    const scrambling = collectors.find((one) => one.name === place.collector)?.scrambling;
    const made = isVersion
      ? values(stdout)
      : (scrambling?.scramble(stdout, scrambler, place) ?? text(stdout));
    return {
      place: { ...place, key },
      result: { ok: true, output: { ...result.output, stdout: made, stderr: text(stderr) } },
    };
  });
  return { recorded: scrambled, kept: scrambler.kept(), scrambler };
}
