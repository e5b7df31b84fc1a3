import path from 'node:path';
import { expect, it } from 'vitest';
import { hashOfSources, sourcesOf } from './sources.ts';

const here = import.meta.dirname;
const project = path.resolve(here, '../..');

it('the judging of the exporter is found by its imports, and without what is only a type', () => {
  const sources = sourcesOf(path.join(here, 'exporter.ts')).map((file) => path.relative(project, file));
  expect(sources).toEqual(
    expect.arrayContaining([
      'src/rules/evaluate.ts',
      'src/rules/space.ts',
      'src/trend/growth.ts',
      'src/thinpool/autoextend.ts',
      'test/alert-quality/judgement.ts',
    ]),
  );
  expect(sources).not.toContain('test/alert-quality/classes.ts');
});

it('a hash is the same each time, and another one for other sources', () => {
  const [one, other] = ['exporter.ts', 'tiers.ts'].map((file) => path.join(here, file));
  expect(hashOfSources(one!)).toBe(hashOfSources(one!));
  expect(hashOfSources(one!)).not.toBe(hashOfSources(other!));
});
