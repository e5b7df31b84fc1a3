/** What a program exports about itself. */
export interface OwnMetrics {
  readonly sum: (name: string, matcher?: string) => number;
  readonly by: (name: string, label: string) => ReadonlyMap<string, number>;
}

export async function readOwnMetrics(url: string): Promise<OwnMetrics> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const series = (name: string) =>
    [...page.matchAll(new RegExp(`^${name}(?:\\{(?<labels>.*)\\})? (?<value>\\S+)$`, 'gm'))].map(
      ({ groups }) => ({ labels: groups?.['labels'] ?? '', value: Number(groups?.['value']) }),
    );
  return {
    sum: (name, matcher = '') =>
      series(name)
        .filter(({ labels }) => labels.includes(matcher))
        .reduce((sum, { value }) => sum + value, 0),
    by: (name, label) =>
      new Map(
        series(name).map(({ labels, value }) => [
          new RegExp(`\\b${label}="([^"]*)"`).exec(labels)?.[1] ?? labels,
          value,
        ]),
      ),
  };
}
