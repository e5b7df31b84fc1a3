import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { itWith } from '../../support/needs.ts';
import { run, tool } from '../../support/tools.ts';

const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'guide', 'dashboards.md');

itWith('amtool')('makes the address of a dashboard from the labels of an alert', {}, () => {
  const template = /^https:\/\/grafana\.example\/.*$/m.exec(readFileSync(page, 'utf8'))?.[0] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'thinpool-template-'));
  try {
    writeFileSync(join(folder, 'empty.tmpl'), '');
    const alerts = [{ labels: { instance: '[::1]:10058', pool: 'a+b.c' } }];
    writeFileSync(join(folder, 'alert.json'), JSON.stringify({ alerts }));
    const address = run(tool('amtool'), [
      'template',
      'render',
      `--template.glob=${join(folder, 'empty.tmpl')}`,
      `--template.data=${join(folder, 'alert.json')}`,
      `--template.text={{ range .Alerts }}${template}{{ end }}`,
    ]);
    expect(address.trim()).toBe(
      'https://grafana.example/d/thinpool-pool?var-instance=%5B%3A%3A1%5D%3A10058&var-pool=a%2Bb.c',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
