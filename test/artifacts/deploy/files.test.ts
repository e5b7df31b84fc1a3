import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chartFiles } from '../../../deploy/source/chart.ts';
import { kustomizations, plainManifests, plainValues } from '../../../deploy/source/manifests.ts';
import { describeWith } from '../../support/needs.ts';
import { chart, renderText } from './render.ts';
import { helm } from './tools.ts';

const project = join(import.meta.dirname, '..', '..', '..');

// `npm run kubernetes` writes the files.
describe('files made from deploy/source', () => {
  it.each([...chartFiles()])('chart: %s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(join(chart, name));
  });

  it.each([...kustomizations()])('%s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(join(project, name));
  });

  it('no other file lies in the chart but templates', () => {
    const found = readdirSync(chart, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(chart.length + 1))
      .filter((name) => !name.startsWith('templates/'));
    expect(found.sort()).toEqual([...chartFiles().keys()].sort());
  });
});

describeWith('helm')('plain manifests', () => {
  it('are what helm makes of the chart', async () => {
    const files = plainManifests(renderText(helm, plainValues));
    expect([...files.keys()]).toEqual(['exporter/daemonset.yaml', 'monitoring/podmonitor.yaml']);
    for (const [name, text] of files) {
      expect(text).not.toMatch(/helm\.sh|managed-by/);
      await expect(text).toMatchFileSnapshot(join(project, 'deploy', 'kubernetes', name));
    }
  });
});
