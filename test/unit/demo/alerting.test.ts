import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findPrograms, prepareAlerting } from '../../../demo/alerting.ts';
import { rulesFile } from '../../../src/alerting/prometheus/rule-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'demo-alerting-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shipped = join(import.meta.dirname, '../../../alerts');

function place(name: string): string {
  const file = join(folder, name);
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

it('says in one line what is missing, and how to get it', () => {
  expect(findPrograms(undefined)).toEqual({
    missing:
      'Running without alerts: Prometheus and Alertmanager not found on PATH. On Debian: apt-get install --no-install-recommends prometheus prometheus-alertmanager',
  });
  const prometheus = place('prometheus');
  expect(findPrograms(folder)).toEqual({
    missing: expect.stringMatching(/^Running without alerts: Alertmanager not found on PATH\. /),
  });
  const alertmanager = place('alertmanager');
  expect(findPrograms(`/nowhere:${folder}`)).toEqual({ prometheus, alertmanager });
  // What is not allowed to run is not there.
  chmodSync(alertmanager, 0o644);
  expect(findPrograms(folder)).toHaveProperty('missing');
});

it.each([true, false])(
  'takes the shipped files with addresses of its own; keep_firing_for: %s',
  async (keepFiring) => {
    const own = join(folder, `keep-firing-${keepFiring}`);
    const found = { prometheus: 'prometheus', alertmanager: 'alertmanager' };
    const { programs, prometheus, alertmanager } = await prepareAlerting(found, {
      ...{ folder: own, keepFiring },
      exporter: '127.0.0.1:4',
      webhook: '127.0.0.1:5',
    });
    const read = (name: string) => readFileSync(join(own, name), 'utf8');
    const rules = read('thinpool.rules.yml');
    if (keepFiring) expect(rules).toBe(readFileSync(join(shipped, 'thinpool.rules.yml'), 'utf8'));
    else expect(parse(rules)).toEqual(parse(rulesFile({ keepFiringFor: false })));
    expect(read('prometheus.yml')).toContain('- thinpool.rules.yml\n');
    expect(read('prometheus.yml')).toContain('- 127.0.0.1:4\n');
    expect(read('prometheus.yml')).toContain(`- ${alertmanager.replace('http://', '')}\n`);
    expect(read('alertmanager.yml')).toContain('http://127.0.0.1:5/page');
    expect(prometheus).not.toBe(alertmanager);
    for (const { args } of programs) expect(args.join(' ')).toMatch(/listen-address=127\.0\.0\.1:\d+/);
  },
);
