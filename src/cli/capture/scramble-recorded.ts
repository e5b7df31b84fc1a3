import type { Recorded } from '../../io/record.ts';
import { reduce } from './reduce.ts';

/** Recorded output without what identifies the host: less text, and pseudonyms in keys and texts. */
export function scrambleRecorded(
  recorded: readonly Recorded[],
  scramble: (text: string) => string,
): Recorded[] {
  return recorded.map(({ place, ending }) => {
    const other = { ...place, key: scramble(place.key) };
    if (!ending.ok) return { place: other, ending: { ...ending, detail: scramble(ending.detail) } };
    const { reading } = ending;
    const stdout = scramble(reduce(place.source, reading.stdout));
    return {
      place: other,
      ending: { ok: true, reading: { ...reading, stdout, stderr: scramble(reading.stderr) } },
    };
  });
}
