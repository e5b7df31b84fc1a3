import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const project = join(import.meta.dirname, '..', '..', '..');
const read = (file: string) => readFileSync(join(project, file), 'utf8');

/** The rows of the tables of a page that have these cells first. */
function rowOf(page: string, ...first: readonly string[]): readonly string[] {
  const rows = read(page)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.filter((cells) => first.every((cell, index) => cells[index] === cell)).at(-1) ?? [];
}

const cost = 'docs/behaviour/cost.md';

/** MiB: the most of what was measured without thousands of scrapes a second. */
function memoryOf(pools: number, volumes: number): number {
  const [, , ...figures] = rowOf(cost, String(pools), String(volumes));
  return Math.max(...figures.slice(0, 3).map(Number));
}

const [one, ten, hundred] = [memoryOf(1, 100), memoryOf(10, 1000), memoryOf(100, 10_000)];

it.each([
  'docs/guide/kubernetes.md',
  'deploy/helm/thinpool-exporter/README.md',
  'deploy/helm/thinpool-exporter/values.yaml',
])('%s has the memory that was measured', (file) => {
  const words = read(file).replaceAll(/\n#? */g, ' ');
  expect(words).toMatch(
    new RegExp(
      `${one} MiB for one pool, ${ten} MiB for 10 pools and 1,000 volumes,(?: and)? ${hundred} MiB for 100 pools and 10,000 volumes`,
    ),
  );
});

it('the short answers of the cost are those of its tables', () => {
  const answers = [
    ...read(cost).matchAll(/^- (?<pools>\d+) pools? and (?<volumes>[\d,]+) volumes: (?<rest>.*)$/gm),
  ];
  expect(answers).toHaveLength(4);
  for (const { groups } of answers) {
    const { pools = '', volumes = '', rest } = groups ?? {};
    const size = [pools, volumes.replace(',', '')];
    const polling = read(cost)
      .split('## Scrapes')[0]!
      .split('\n')
      .find((line) => line.startsWith(`| ${size.join(' | ')} |`));
    const share = /(?<share>[\d.]+%)/.exec(polling ?? '')?.groups?.['share'];
    const series = /\| (?<series>\d+) \| 1, text/.exec(
      read(cost).slice(read(cost).indexOf(`| ${size.join(' | ')} | `, read(cost).indexOf('## Scrapes'))),
    )?.groups?.['series'];
    expect(rest).toBe(
      `${share} of a core, ${memoryOf(Number(size[0]), Number(size[1]))} MiB of memory, ${series} series`,
    );
  }
});

it('the guide for many hosts counts with the series that were measured', () => {
  const series = /10 pools and 100 volumes: .* (?<series>\d+) series/.exec(read(cost))?.groups?.['series'];
  const words = read('docs/guide/fleet.md');
  expect(words).toContain(`: ${series} for each host`);
  const all = Math.round((Number(series) * 200) / 10_000) * 10_000;
  expect(words).toContain(`${all.toLocaleString('en')} series`);
  expect(words).toContain(`${(all / 5).toLocaleString('en')} samples a second`);
});

it('the guide to alerts quotes the leads that were measured', () => {
  const quoted = [
    ...read('docs/guide/alerting.md').matchAll(
      /^\| (?<kind>[^|]+) \| (?<median>[\d.]+ \w+) \| (?<worst>[\d.]+ \w+) \|$/gm,
    ),
  ];
  expect(quoted.length).toBeGreaterThan(3);
  for (const { groups } of quoted) {
    const { kind = '', median, worst } = groups ?? {};
    const row = rowOf('docs/behaviour/alert-quality.md', kind);
    expect([row[4], row[5]], kind).toEqual([median, worst]);
  }
});
