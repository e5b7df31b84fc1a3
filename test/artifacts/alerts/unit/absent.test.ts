import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { blocksOf } from '../../../support/documents.ts';
import { describeWith } from '../../../support/needs.ts';
import { promtools, tool } from '../../../support/tools.ts';
import { type Case, host } from './case.ts';
import { failuresOf, neededFor, readRules } from './promtool.ts';

const project = join(import.meta.dirname, '../../../..');
const minute = 60;
const page = { severity: 'critical', page: 'true' };

/** The optional rule of the guide, with the shipped rules beside it. */
const [optional = ''] = blocksOf(readFileSync(join(project, 'docs/guide/fleet.md'), 'utf8'), 'yaml').filter(
  (block) => block.includes('name: thinpool-absent'),
);
const shipped = readRules(readFileSync(join(project, 'alerts/thinpool.rules.yml'), 'utf8'));
const rules = neededFor('ThinPoolExporterDown', {
  groups: [...shipped.groups, ...readRules(optional).groups],
});

const cases: readonly Case[] = [
  {
    what: 'none at all',
    about: 'ThinPoolExporterDown',
    interval: 60,
    alone: true,
    series: [
      {
        metric: 'thinpool_exporter_build_info',
        labels: { ...host, version: '1', nodeversion: 'v20' },
        values: [
          [null, 5],
          [1, 5],
        ],
      },
    ],
    checks: [
      { at: 0, fires: [] },
      { at: minute, fires: [page] },
      { at: 8 * minute, fires: [] },
      // While Prometheus still has the one that went, it is that one that is down.
      { at: 40 * minute, fires: [{ ...host, ...page }] },
      { at: 75 * minute, fires: [page] },
    ],
  },
];

for (const promtool of promtools)
  describeWith(promtool)(promtool, () => {
    it('fires where there is no exporter at all', { timeout: 60_000 }, async () => {
      expect(await failuresOf(tool(promtool), rules, cases)).toBe('');
    });
  });
