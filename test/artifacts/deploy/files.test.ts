import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chartFiles, chartLinks } from '../../../deploy/source/chart.ts';
import { chart } from './render.ts';

it('no other file lies in the chart but templates', () => {
  const found = readdirSync(chart, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(chart.length + 1))
    .filter((name) => !name.startsWith('templates/'));
  expect(found.sort()).toEqual([...chartFiles().keys(), ...chartLinks().keys()].sort());
});
