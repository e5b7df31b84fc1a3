import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { explain, findBannedPhrases } from '../../support/banned-phrases.ts';

const project = join(import.meta.dirname, '..', '..', '..');

/** Files, and folders with all that is in them. One line adds another. */
const held = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'docs/README.md'],
  ...['docs/behaviour', 'docs/decisions', 'docs/guide', 'docs/runbooks'],
  ...['dashboards/pictures/README.md', 'demo/compose/README.md', 'deploy/helm/thinpool-exporter/README.md'],
  ...['test/alert-quality/README.md', 'test/lab/README.md'],
];

const files = held.flatMap(markdownIn);

it('finds something at every place', () => {
  expect(held.filter((path) => markdownIn(path).length === 0)).toEqual([]);
});

it.each(files)('%s has no banned phrase', (file) => {
  const text = withoutCode(readFileSync(join(project, file), 'utf8'));
  expect(findBannedPhrases(text).map((use) => explain(file, use))).toEqual([]);
});

it('leaves fenced code out, and counts its lines', () => {
  const text = withoutCode('a\n```sh\nfor ever\n```\n   ```\nfor ever\n   ```\nfor ever\n');
  expect(findBannedPhrases(text).map(({ line }) => line)).toEqual([8]);
});

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^ *```.*?^ *```$/gms, (fence) => fence.replaceAll(/[^\n]/g, ''));
}

function markdownIn(path: string): readonly string[] {
  if (!existsSync(join(project, path))) return [];
  if (path.endsWith('.md')) return [path];
  return readdirSync(join(project, path), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => `${path}/${file}`);
}
