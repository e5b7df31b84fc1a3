import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

// dependency-cruiser passes in silence over what it cannot read: then no rule holds.
it('is kept by every file of src, and the rules saw them all', () => {
  const cli = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const output = execFileSync(process.execPath, [cli, 'src', '--output-type', 'json'], {
    cwd: root,
    maxBuffer: 64 << 20,
  });
  const {
    modules,
    summary,
  }: { modules: { source: string; dependencies: unknown[] }[]; summary: { violations: object[] } } =
    JSON.parse(output.toString());
  expect(summary.violations).toEqual([]);
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const seen = modules.filter(({ source }) => source.startsWith('src/')).map(({ source }) => source);
  expect(seen.sort()).toEqual(files.map((file) => `src/${file.split(sep).join('/')}`).sort());
  expect(modules.reduce((sum, { dependencies }) => sum + dependencies.length, 0)).toBeGreaterThan(
    files.length,
  );
}, 60_000);
