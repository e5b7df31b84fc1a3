import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainManifests, plainValues } from '../../deploy/source/manifests.ts';
import { committedFiles, links } from '../../scripts/generated.ts';
import { describeWith } from '../support/needs.ts';
import { renderText } from './deploy/render.ts';
import { helm } from './deploy/tools.ts';

const project = join(import.meta.dirname, '../..');
const committed = (file: string) => readFileSync(join(project, file), 'utf8');

// `npm run generate` writes them.
describe('generated files', () => {
  it.each([...committedFiles()])('%s is what its collector makes', (file, text) => {
    expect(committed(file)).toBe(text);
  });

  it.each([...links()])('%s is a link', (file, target) => {
    expect(readlinkSync(join(project, file))).toBe(target);
  });
});

describeWith('helm')('plain manifests', () => {
  it('are what helm renders from the chart', () => {
    const files = plainManifests(renderText(helm, plainValues));
    expect([...files.keys()]).toEqual(['exporter/daemonset.yaml', 'monitoring/podmonitor.yaml']);
    for (const [name, text] of files) {
      expect(text).not.toMatch(/helm\.sh|managed-by/);
      expect(committed(`deploy/kubernetes/${name}`)).toBe(text);
    }
  });
});
