import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { unitEnvironment } from '../../support/unit.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-context-'));
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = (file: string) => readFileSync(path.join(project, file), 'utf8').split('\n');

it('the image sets for every start what the unit does', () => {
  const [line = ''] = linesOf('Dockerfile').filter((one) => one.startsWith('ENV '));
  const set = Object.entries(unitEnvironment(project)).map(([name, value]) => `${name}=${value}`);
  expect(set).toHaveLength(3);
  expect(line).toBe(`ENV ${set.join(' ')}`);
});

it('the program can be built of what the Dockerfile copies, and of what .dockerignore lets it have', () => {
  const context = path.join(folder, 'context');
  for (const line of linesOf('.dockerignore').filter((one) => one.startsWith('!')))
    cpSync(path.join(project, line.slice(1)), path.join(context, line.slice(1)), { recursive: true });
  const build = path.join(folder, 'build');
  mkdirSync(build);
  const lines = linesOf('Dockerfile');
  const copies = lines
    .slice(0, lines.indexOf('RUN node scripts/build/build.mjs --minify'))
    .filter((line) => line.startsWith('COPY '));
  for (const line of copies) {
    const [, ...words] = line.split(' ');
    const target = words.at(-1) ?? '';
    for (const file of words.slice(0, -1))
      cpSync(
        path.join(context, file),
        path.join(build, target.endsWith('/') ? path.join(target, path.basename(file)) : target),
        {
          recursive: true,
        },
      );
  }
  symlinkSync(path.join(project, 'node_modules'), path.join(build, 'node_modules'));
  execFileSync(process.execPath, ['scripts/build/build.mjs', '--minify'], { cwd: build });
  const output = execFileSync(process.execPath, ['dist/main.js', '--version'], {
    cwd: build,
    encoding: 'utf8',
  });
  expect(output).toMatch(/^\d+\.\d+\.\d+\n$/);
});
