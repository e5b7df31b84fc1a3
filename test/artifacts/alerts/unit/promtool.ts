import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Case, type Check, host, type Series, type Stretch } from './case.ts';

export interface RuleText {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RulesText {
  readonly groups: readonly { readonly name: string; readonly rules: readonly RuleText[] }[];
}

export function readRules(text: string): RulesText {
  return parse(text) as RulesText;
}

/** The rules of this name, and what they are computed from. */
export function neededFor(about: string, { groups }: RulesText): RulesText {
  const all = groups.flatMap(({ rules }) => rules);
  const needed = new Set<RuleText>();
  const add = (name: string): void => {
    for (const rule of all) {
      if (needed.has(rule) || (rule.record ?? rule.alert) !== name) continue;
      needed.add(rule);
      for (const [word] of rule.expr.matchAll(/[a-z_]+:[a-z_:0-9]+/g)) add(word);
    }
  };
  add(about);
  return {
    groups: groups
      .map((group) => ({ ...group, rules: group.rules.filter((rule) => needed.has(rule)) }))
      .filter(({ rules }) => rules.length > 0),
  };
}

/** What promtool says of cases, all about the same: nothing where all hold. */
export async function failuresOf(
  promtool: string,
  rules: RulesText,
  cases: readonly Case[],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'thinpool-rules-'));
  try {
    const files = [...byInterval(cases)].map(([interval, of], index) => {
      const file = join(folder, `test-${index}.yml`);
      writeFileSync(
        file,
        stringify(testFile(interval, rules, of), { lineWidth: 0, aliasDuplicateObjects: false }),
      );
      return file;
    });
    writeFileSync(join(folder, 'rules.yml'), stringify(rules, { lineWidth: 0 }));
    return await run(promtool, ['test', 'rules', ...files]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function byInterval(cases: readonly Case[]): Map<number, Case[]> {
  const found = new Map<number, Case[]>();
  for (const one of cases) found.set(one.interval, [...(found.get(one.interval) ?? []), one]);
  return found;
}

function testFile(interval: number, rules: RulesText, cases: readonly Case[]): object {
  const shared = cases.filter(({ alone }) => !alone).map(onItsOwnHost);
  const alone = cases.filter((one) => one.alone).map((one) => [one]);
  return {
    rule_files: ['rules.yml'],
    evaluation_interval: `${interval}s`,
    group_eval_order: rules.groups.map(({ name }) => name),
    tests: [...(shared.length > 0 ? [shared] : []), ...alone].map((together) => ({
      name: together.map(({ what }) => what).join('; '),
      interval: `${interval}s`,
      input_series: together.flatMap(({ series }) => series.map(notate)),
      promql_expr_test: together.flatMap((one) => one.checks.flatMap((check) => queriesOf(one, check))),
      alert_rule_test: alertsAt(together),
    })),
  };
}

/** promtool makes a Prometheus for each test, which takes longer than all else. */
function onItsOwnHost(one: Case): Case {
  const instance = one.what.replaceAll(/[^A-Za-z0-9]+/g, '-');
  return JSON.parse(JSON.stringify(one).replaceAll(host.instance, instance)) as Case;
}

function queriesOf({ about, of = {}, alone, series }: Case, { at, fires, query, finds }: Check): object[] {
  const queries: object[] = [];
  const instance = series.map(({ labels }) => labels['instance']).find((label) => label !== undefined);
  const mine = Object.entries({ ...of, ...(!alone && instance !== undefined && { instance }) }).map(
    ([name, value]) => `,${name}="${value}"`,
  );
  if (fires !== undefined)
    queries.push({
      expr: `ALERTS{alertname="${about}",alertstate="firing"${mine.join('')}}`,
      eval_time: `${at}s`,
      exp_samples: fires.map((labels) => ({
        labels: selector('ALERTS', { alertname: about, alertstate: 'firing', ...labels }),
        value: 1,
      })),
    });
  if (query !== undefined)
    queries.push({
      expr: query,
      eval_time: `${at}s`,
      exp_samples: finds?.map((sample) => ({ ...sample })) ?? [],
    });
  return queries;
}

/** promtool wants all alerts of a name that fire at a time. */
function alertsAt(together: readonly Case[]): object[] {
  const expected = together.flatMap(({ about, checks }) =>
    checks.flatMap((check) =>
      check.expects === undefined ? [] : [{ about, at: check.at, ...check.expects }],
    ),
  );
  return expected.map(({ about, at, labels, annotations }) => ({
    eval_time: `${at}s`,
    alertname: about,
    exp_alerts: [{ exp_labels: labels, exp_annotations: annotations }],
  }));
}

function notate({ metric, labels, values }: Series): object {
  return { series: selector(metric, labels), values: values.map(stretch).join(' ') };
}

function stretch([value, samples]: Stretch): string {
  return value === null ? `_x${samples}` : `${value}+0x${samples - 1}`;
}

export function selector(metric: string, labels: Readonly<Record<string, string>>): string {
  return `${metric}{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;
}

function run(promtool: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(promtool, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? '' : output));
  });
}
