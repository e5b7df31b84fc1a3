import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { promtools } from '../tools.ts';
import { allCases } from './cases.ts';
import { failuresOf, neededFor, readRules } from './promtool.ts';

const rules = readRules(
  readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'alerts', 'thinpool.rules.yml'), 'utf8'),
);
const cases = allCases();
const names = [...new Set(cases.map(({ about }) => about))];

describe.each(promtools)('%s', (promtool) => {
  it.each(names)(
    '%s does as its cases say',
    async (about) => {
      const its = cases.filter((one) => one.about === about);
      expect(await failuresOf(promtool, neededFor(about, rules), its)).toBe('');
    },
    120_000,
  );
});

describe('every rule has cases', () => {
  it.each(rules.groups.flatMap(({ rules: of }) => of).map(({ alert, record }) => alert ?? record ?? ''))(
    '%s',
    (name) => {
      expect(names).toContain(name);
    },
  );
});
