export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads a page of the Prometheus text format, independently of what wrote it. */
export function parseExposition(page: string): readonly Sample[] {
  return page.split('\n').flatMap((line) => {
    const match = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)/.exec(line);
    if (!match?.groups) return [];
    const { name = '', labels = '', value = '' } = match.groups;
    return [{ name, labels: parseLabels(labels), value: Number(value.replace(/Inf$/, 'Infinity')) }];
  });
}

function parseLabels(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/(?<name>\w+)="(?<value>(?:[^"\\]|\\.)*)"/g)];
  return Object.fromEntries(pairs.map((pair) => [pair[1] ?? '', unescapeValue(pair[2] ?? '')]));
}

function unescapeValue(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}

/** The value of the one sample with this name and these labels; undefined where there is none. */
export function findValue(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = Object.entries(labels);
  return samples.find(
    (sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value),
  )?.value;
}
