import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../../../support/needs.ts';
import { promtools, tool } from '../../../support/tools.ts';
import { allCases } from './cases.ts';
import { failuresOf, neededFor, readRules } from './promtool.ts';

const rules = readRules(
  readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'alerts', 'thinpool.rules.yml'), 'utf8'),
);
const cases = allCases();
const names = [...new Set(cases.map(({ about }) => about))];

for (const promtool of promtools)
  describeWith(promtool)(promtool, () => {
    it.each(names)('%s does as its cases say', { timeout: 120_000 }, async (about) => {
      const its = cases.filter((one) => one.about === about);
      expect(await failuresOf(tool(promtool), neededFor(about, rules), its)).toBe('');
    });
  });

describe('every rule has cases', () => {
  it.each(rules.groups.flatMap(({ rules: of }) => of).map(({ alert, record }) => alert ?? record ?? ''))(
    '%s',
    (name) => {
      expect(names).toContain(name);
    },
  );
});
