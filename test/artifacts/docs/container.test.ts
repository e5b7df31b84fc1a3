import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { facts, losses } from '../../lab/losses.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(project, 'docs/guide/container.md'), 'utf8');
const readme = readFileSync(join(project, 'README.md'), 'utf8');
const { version }: { version: string } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const runLine = /^docker run -d [\s\S]*? thinpool-exporter:\S+$/m;

test('docs/guide/container.md and the README run the image alike', () => {
  expect(runLine.exec(readme)?.[0]).toBeDefined();
  expect(runLine.exec(page)?.[0]).toBe(runLine.exec(readme)?.[0]);
});

test('the README names the image as it is built, wherever it does', () => {
  const names = [...readme.matchAll(/ thinpool-exporter:(\S+)/g)].map(([, tag]) => tag);
  expect(names).toEqual([version, version]);
});

describe("what is lost without a part of it is what the lab's scenario expects", () => {
  const cells = page
    .split('\n')
    .filter((line) => line.startsWith('| `-'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  test.each(losses)('$without', ({ without, lost, collectors }) => {
    const [, , , missing, ill] = cells.find(([, part]) => part === `\`${without}\``) ?? [];
    expect(missing).toBe(lost.length === facts.length ? 'everything' : lost.join(', ') || '-');
    const statuses = Object.entries(collectors).map(
      ([collector, status]) => `${collector} ${inWords(status)}`,
    );
    expect(ill).toBe(statuses.join(', ') || '-');
  });

  test('and there is no other row', () => {
    expect(cells).toHaveLength(losses.length);
  });
});

function inWords(status: string): string {
  return status === 'blocked' ? 'blocked' : status;
}
