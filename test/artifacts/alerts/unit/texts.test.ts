import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { labelsOf } from '../../../../src/alerting/labels.ts';
import { groups } from '../../../../src/alerting/prometheus/groups.ts';
import type { Alert } from '../../../../src/alerting/prometheus/rule.ts';
import { describeWith } from '../../../support/needs.ts';
import { tool } from '../../../support/tools.ts';
import type { Case } from './case.ts';
import { allCases } from './cases.ts';
import { failuresOf, neededFor, readRules } from './promtool.ts';

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'alerts');
const rules = readRules(readFileSync(join(folder, 'thinpool.rules.yml'), 'utf8'));
const cases = allCases();

/** The first case in which a rule fires, in a Prometheus of its own. */
function firingCase(rule: Alert): Case {
  const labels = labelsOf(rule);
  for (const one of cases) {
    const isAbout =
      one.about === rule.alert &&
      Object.entries(one.of ?? {}).every(
        ([label, value]) => labels[label] === undefined || labels[label] === value,
      );
    const check = isAbout ? one.checks.find(({ fires = [] }) => fires.length > 0) : undefined;
    // Expect no alert, so that promtool prints those that fired.
    if (check?.fires?.[0] !== undefined)
      return {
        ...one,
        alone: true,
        checks: [{ at: check.at, expects: { labels: check.fires[0], annotations: {} } }],
      };
  }
  throw new Error(`${rule.alert} fires in no case`);
}

/** What promtool says it got, of this rule: its labels, then its annotations. */
function textIn(output: string, rule: Alert): string {
  const got = output.slice(output.indexOf('got:['));
  const blocks = [...got.matchAll(/Labels:\{(.*)\}\s*Annotations:\{(.*)\}/g)].map(
    ([, labels, annotations]) => `${labels}, ${annotations}`,
  );
  const own = Object.entries(labelsOf(rule)).map(([name, value]) => `${name}="${value}"`);
  return blocks
    .filter((block) => own.every((pair) => block.includes(pair)))
    .map((block) =>
      [...block.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
        .map(([, name, text]) => `${name}: ${text?.replaceAll('\\"', '"')}`)
        .join('\n'),
    )
    .join('\n');
}

// `npx vitest run test/artifacts/alerts/unit/texts.test.ts -u` writes the file; read the diff.
describeWith('promtool')('texts of alerts', () => {
  it('are readable', async () => {
    const texts: string[] = [];
    for (const rule of groups.flatMap(({ alerts }) => alerts)) {
      const output = await failuresOf(tool('promtool'), neededFor(rule.alert, rules), [firingCase(rule)]);
      texts.push(textIn(output, rule));
    }
    await expect(`${texts.join('\n\n')}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'texts.txt'));
  }, 180_000);
});
