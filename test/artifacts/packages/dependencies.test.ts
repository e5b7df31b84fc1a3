import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderLicenses, runtimeLibraries } from '../../../scripts/release/packages/licenses.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const page = readFileSync(path.join(project, 'docs/behaviour/dependencies.md'), 'utf8');
const { dependencies } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));
const libraries = runtimeLibraries(project);

describe('docs/behaviour/dependencies.md', () => {
  it('has a row with licence and reason for every library that is required, and for no other', () => {
    const rows = [...page.matchAll(/^\| `(?<name>[^`]+)` \| (?<license>\S+) \| \S.* \|$/gm)];
    const listed = Object.fromEntries(rows.map(({ groups }) => [groups?.['name'], groups?.['license']]));
    const licenses = new Map(libraries.map(({ name, license }) => [name, license]));
    const expected = Object.keys(dependencies).map((name) => [name, licenses.get(name)]);
    expect(listed).toEqual(Object.fromEntries(expected));
  });

  it('names every licence in the program', () => {
    const sentence = /^Licences in the program, .*: (?<list>.*)\.$/m.exec(page)?.groups?.['list'];
    expect(sentence?.split(', ')).toEqual([...new Set(libraries.map(({ license }) => license))].toSorted());
  });
});

describe('newer versions that are not used', () => {
  const { devDependencies } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));
  const rows = [...page.matchAll(/^\| (?<name>[\w@/-]+) (?<major>\d+) \| (?<newest>\d+) \| \S.* \|$/gm)];

  it('are found in this sweep', () => {
    expect(rows.length).toBeGreaterThan(3);
  });

  it.each(rows.map(({ groups }) => [groups?.['name'] ?? '', groups?.['major'], groups?.['newest']]))(
    '%s is at %s still',
    (name, major, newest) => {
      const range: string = { ...dependencies, ...devDependencies }[name!];
      expect(range.replace(/^\^/, '').split('.')[0]).toBe(major);
      expect(Number(newest)).toBeGreaterThan(Number(major));
    },
  );
});

describe('what the program brings along', () => {
  it('is all of the lockfile that is not a tool', () => {
    expect(libraries.length).toBeGreaterThan(Object.keys(dependencies).length);
    expect(libraries.map(({ name }) => name)).not.toContain('vitest');
    for (const { folder } of libraries) expect(existsSync(folder)).toBe(true);
  });

  it('runs nothing when it is installed', () => {
    const lock = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8'));
    const scripted = libraries.filter(
      ({ folder }) => lock.packages[path.relative(project, folder)]?.hasInstallScript === true,
    );
    expect(scripted).toEqual([]);
  });

  it('passes its licences on', () => {
    const report = renderLicenses(libraries);
    for (const { name, version, license } of libraries)
      expect(report).toContain(`== ${name} ${version} (${license})`);
    expect(report).toContain('Permission is hereby granted');
  });
});
