import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { judgePools } from '../../../src/cli/check/judge-pools.ts';
import { renderZabbix } from '../../../src/cli/check/render-zabbix.ts';
import { makeHost, makePool } from '../../support/makers.ts';

interface Item {
  readonly uuid: string;
  readonly name: string;
  readonly key: string;
  readonly master_item?: { readonly key: string };
  readonly preprocessing?: readonly { readonly parameters: readonly string[] }[];
}

const file = join(import.meta.dirname, '../../../deploy/zabbix/thinpool-exporter.yaml');
const text = readFileSync(file, 'utf8');
const { zabbix_export: whole } = parse(text);
const [template] = whole.templates;
const [rule] = template.discovery_rules;
const items: readonly Item[] = template.items;
const prototypes: readonly Item[] = rule.item_prototypes;
const host = makeHost({ pools: [makePool()] });
const output = JSON.parse(renderZabbix(judgePools({ host, findings: [], trends: [] })));
const pathOf = ({ preprocessing }: Item): string => preprocessing?.[0]?.parameters[0] ?? '';

describe('the template of Zabbix', () => {
  it('reads what the command prints about the host', () => {
    const paths = items.slice(1).map(pathOf);
    expect(paths).toEqual(['$.host.status', '$.host.summary']);
    expect(Object.keys(output.host)).toEqual(expect.arrayContaining(['status', 'summary']));
  });

  it('discovers pools, and reads what the command prints about each', () => {
    expect(pathOf(rule)).toBe('$.pools');
    const [pool] = output.pools;
    // A macro is replaced wherever it is, so that no path may have it as a key.
    expect(pool['{#POOL}']).toBe(pool.pool);
    const fields = prototypes.map(
      (item) => /^\$\.pools\[\?\(@\.pool == '\{#POOL\}'\)\]\.(\w+)\.first\(\)$/.exec(pathOf(item))?.[1],
    );
    expect(fields).toHaveLength(6);
    for (const field of fields) expect(pool).toHaveProperty(field ?? '?');
  });

  it('has items that depend on others of its own, and expressions about its own items', () => {
    const keys = [...items, ...prototypes].map(({ key }) => key);
    for (const { master_item: master } of [...items.slice(1), ...prototypes, rule as Item])
      expect(keys).toContain(master?.key);
    const triggers: readonly { readonly expression: string }[] = [
      ...whole.triggers,
      ...rule.trigger_prototypes,
    ];
    expect(triggers).toHaveLength(7);
    for (const { expression } of triggers)
      for (const [, of, key] of expression.matchAll(/\/([^/]+)\/([\w.]+(?:\[\{#POOL\}\])?)/g)) {
        expect(of).toBe(template.template);
        expect(keys).toContain(key);
      }
  });

  it('has identifiers of version 4, each once', () => {
    const uuids = [...text.matchAll(/uuid: "?(\w+)"?$/gm)].map(([, uuid]) => uuid ?? '');
    expect(uuids.filter((uuid) => !/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/.test(uuid))).toEqual([]);
    expect(new Set(uuids).size).toBe(uuids.length);
  });
});
