import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rules } from '../../../src/cli/rules.ts';
import { itWith } from '../../support/needs.ts';
import { tool } from '../../support/tools.ts';
import { runCommand } from './run-command.ts';

interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const rulesOf = (text: string): readonly Rule[] =>
  (parse(text).groups as { rules: Rule[] }[]).flatMap((group) => group.rules);

async function printed(...argv: string[]): Promise<string> {
  return (await runCommand(rules, ['rules', ...argv])).stdout;
}

const committed = readFileSync(join(import.meta.dirname, '../../../alerts/thinpool.rules.yml'), 'utf8');

describe('rules', () => {
  it('are the shipped rules, unless an option says otherwise', async () => {
    expect(parse(await printed())).toEqual(parse(committed));
  });

  it('link to the runbooks of this installation', async () => {
    const text = await printed('--runbook-url=https://wiki.example/{alert}.html');
    const links = rulesOf(text).flatMap(({ alert, annotations }) =>
      alert === undefined ? [] : [[`https://wiki.example/${alert}.html`, annotations?.['runbook_url']]],
    );
    expect(links.length).toBeGreaterThan(30);
    for (const [expected, link] of links) expect(link).toBe(expected);
  });

  it('append the name where the address has no place for it', async () => {
    const [first] = rulesOf(await printed('--runbook-url=https://host:10058/runbooks/')).filter(
      ({ alert }) => alert === 'ThinPoolFull',
    );
    expect(first?.annotations?.['runbook_url']).toBe('https://host:10058/runbooks/ThinPoolFull');
  });

  it('watch the job under which the exporters are scraped', async () => {
    const down = rulesOf(await printed('--alertmanager.label=job=storage')).find(
      ({ alert }) => alert === 'ThinPoolExporterDown',
    );
    expect(down?.expr).toContain('up{job="storage"}');
    expect(await printed('--alertmanager.label=job=storage')).not.toContain('job="thinpool"');
  });

  it('come with the routes and inhibition of the shipped example for Alertmanager', async () => {
    const example = readFileSync(
      join(import.meta.dirname, '../../../alerts/alertmanager.example.yml'),
      'utf8',
    );
    expect(parse(await printed('--format=alertmanager'))).toEqual(parse(example));
  });

  it('are a PrometheusRule for the operator', async () => {
    const resource = parse(await printed('--format=operator'));
    expect(resource.kind).toBe('PrometheusRule');
    expect(resource.spec.groups).toEqual(parse(committed).groups);
  });

  it('ignore the label that vmalert adds to ALERTS, and are else the same', async () => {
    const text = await printed('--format=vmalert');
    const reading = rulesOf(text).filter(({ expr }) => expr.includes('ALERTS{'));
    expect(reading.length).toBeGreaterThan(0);
    for (const { expr } of reading)
      expect(expr).toMatch(
        /(?:ignoring \(alertgroup, alertname, [^)]*\)|on \((?!alertgroup)[^)]*\)) ALERTS\{/,
      );
    expect(parse(text.replaceAll('(alertgroup, ', '('))).toEqual(parse(committed));
  });

  it('say how they were printed, and name no source to edit', async () => {
    const [, origin] = (await printed()).split('\n');
    expect(origin).toMatch(/^# Printed by thinpool-exporter \S+ rules: /);
  });

  itWith('promtool')('are accepted by promtool, in both dialects of a file', {}, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    for (const format of ['prometheus', 'vmalert']) {
      const file = join(folder, `${format}.yml`);
      writeFileSync(file, await printed(`--format=${format}`));
      expect(execFileSync(tool('promtool'), ['check', 'rules', file]).toString()).toContain('SUCCESS');
    }
    rmSync(folder, { recursive: true });
  });
});
