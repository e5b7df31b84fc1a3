import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { describeWith } from '../../support/needs.ts';
import { promtools, run, tool } from '../../support/tools.ts';
import { choicesFor, type Values } from './choices.ts';
import { queriesOf } from './dashboard.ts';
import { names, shipped } from './shipped.ts';
import { substitute } from './substitute.ts';

const values: readonly Values[] = [
  { cluster: ['east'], instance: ['a.b:10058'], pool: ['vg0-vms'], collector: ['pools'] },
  {
    cluster: ['a.b+c'],
    instance: ['[::1]:10058'],
    pool: ['docker-8:1-9043971-pool', 'a+b'],
    collector: ['kmsg'],
  },
];

function rulesOf(): { record: string; expr: string }[] {
  return names.flatMap((name) => {
    const dashboard = shipped(name);
    return choicesFor(dashboard, values).flatMap(([, chosen]) =>
      queriesOf(dashboard).map(({ expr }) => ({
        record: 'query',
        expr: substitute(expr, dashboard, chosen),
      })),
    );
  });
}

/** promtool calls two rules of a name and without labels the same. */
function numbered(rules: readonly { record: string; expr: string }[]): object {
  return {
    groups: [{ name: 'query', rules: rules.map((rule, at) => ({ ...rule, labels: { at: `${at}` } })) }],
  };
}

for (const promtool of promtools)
  describeWith(promtool)(promtool, () => {
    function check(rules: readonly { record: string; expr: string }[]): string {
      const folder = mkdtempSync(join(tmpdir(), 'thinpool-queries-'));
      try {
        writeFileSync(join(folder, 'rules.yml'), stringify(numbered(rules), { lineWidth: 0 }));
        return run(tool(promtool), ['check', 'rules', join(folder, 'rules.yml')]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }

    it('takes every expression in every choice', () => {
      const rules = rulesOf();
      expect(rules.length).toBeGreaterThan(100);
      expect(check(rules)).toContain(`SUCCESS: ${rules.length} rules found`);
    });

    it.each(['rate(x)', 'x{a=~"("}', 'limitk(2, x)'])('would not take %s', (expr) => {
      expect(() => check([{ record: 'query', expr }])).toThrow(/could not parse|unknown function|expected/);
    });
  });
