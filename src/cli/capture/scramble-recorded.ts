import { collectors } from '../../collectors/index.ts';
import type { Recorded } from '../../io/record.ts';
import type { PartialFacts } from '../../model/facts.ts';

/** Recorded output without what identifies the host: less text, and pseudonyms in keys and texts. */
export function scrambleRecorded(
  recorded: readonly Recorded[],
  scramble: (text: string) => string,
): Recorded[] {
  return recorded.map(({ place, result }) => {
    const other = { ...place, key: scramble(place.key) };
    if (!result.ok) return { place: other, result: { ...result, detail: scramble(result.detail) } };
    const { output } = result;
    const stdout = scramble(redact(place.collector, output.stdout));
    return {
      place: other,
      result: { ok: true, output: { ...output, stdout, stderr: scramble(output.stderr) } },
    };
  });
}

function redact(name: string, text: string): string {
  const collector = collectors.find((one) => one.name === name);
  return collector?.redact?.(text) ?? text;
}

/** Every name in the facts of all collectors that a person chose: of devices, volumes, groups, pools and files. */
export function chosenNames(factsOf: (name: string) => readonly PartialFacts[]): readonly string[] {
  const found = collectors.flatMap(({ name, names }) =>
    factsOf(name).flatMap((facts) => names?.(facts) ?? []),
  );
  return [...new Set(found)].filter((name): name is string => name !== undefined && name !== '');
}
