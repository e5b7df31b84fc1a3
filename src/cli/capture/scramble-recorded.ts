import { sources } from '../../collectors/index.ts';
import type { Recorded } from '../../io/record.ts';
import type { Fragment } from '../../model/facts.ts';

/** Recorded output without what identifies the host: less text, and pseudonyms in keys and texts. */
export function scrambleRecorded(
  recorded: readonly Recorded[],
  scramble: (text: string) => string,
): Recorded[] {
  return recorded.map(({ place, ending }) => {
    const other = { ...place, key: scramble(place.key) };
    if (!ending.ok) return { place: other, ending: { ...ending, detail: scramble(ending.detail) } };
    const { reading } = ending;
    const stdout = scramble(redact(place.source, reading.stdout));
    return {
      place: other,
      ending: { ok: true, reading: { ...reading, stdout, stderr: scramble(reading.stderr) } },
    };
  });
}

function redact(name: string, text: string): string {
  const source = sources.find((one) => one.name === name);
  return source?.redact?.(text) ?? text;
}

/** Every name in the facts of all collectors that a person chose: of devices, volumes, groups, pools and files. */
export function chosenNames(factsOf: (name: string) => readonly Fragment[]): readonly string[] {
  const found = sources.flatMap(({ name, names }) => factsOf(name).flatMap((facts) => names?.(facts) ?? []));
  return [...new Set(found)].filter((name): name is string => name !== undefined && name !== '');
}
