import { duration } from '../../../../src/alerting/prometheus/promql.ts';
import { parseDuration } from '../../../../src/format/duration.ts';
import { nodesOf, parseExpr } from '../promql.ts';
import type { RuleText } from '../unit/promtool.ts';

/** A rule that is wrong in one place. */
export interface Mutant {
  readonly what: string;
  readonly rule: RuleText;
}

const swaps: Readonly<Record<string, string>> = {
  '<': '>',
  '>': '<',
  '>=': '<',
  '==': '!=',
  and: 'unless',
  unless: 'and',
  or: 'and',
  '+': '-',
  '-': '+',
  '/': '*',
  max_over_time: 'min_over_time',
  min_over_time: 'max_over_time',
  without: 'by',
  max: 'min',
  by: 'without',
  count: 'sum',
  bottomk: 'topk',
  clamp_min: 'clamp_max',
};

/** Everything that a slip could change in a rule. */
export function mutantsOf(rule: RuleText): Mutant[] {
  return [...exprMutants(rule), ...fieldMutants(rule)];
}

function exprMutants(rule: RuleText): Mutant[] {
  const { expr } = rule;
  const found: Mutant[] = [];
  const change = (from: number, to: number, text: string): void => {
    const around = expr.slice(Math.max(0, from - 40), from).replaceAll(/\s+/g, ' ');
    const what = `…${around}«${expr.slice(from, to)}» → «${text}»`;
    const changed = expr.slice(0, from) + text + expr.slice(to);
    try {
      parseExpr(changed);
    } catch {
      return;
    }
    found.push({ what, rule: { ...rule, expr: changed } });
  };
  for (const { from, to } of nodesOf(expr, 'NumberDurationLiteral')) {
    const value = Number(expr.slice(from, to));
    for (const other of value === 0 ? [1] : [value * 4, value / 4]) change(from, to, `${other}`);
  }
  for (const { from, to } of nodesOf(expr, 'NumberDurationLiteralInDurationContext')) {
    const seconds = (parseDuration(expr.slice(from, to)) ?? 0) / 1000;
    for (const other of [seconds * 4, Math.round(seconds / 4)]) change(from, to, duration(other));
  }
  for (const node of nodesOf(
    expr,
    ...['Lss', 'Gtr', 'Gte', 'EqlC', 'Eql', 'And', 'Or', 'Unless', 'Add', 'Sub', 'Div'],
    ...['MaxOverTime', 'MinOverTime', 'Max', 'Count', 'Bottomk', 'ClampMin', 'Without', 'By'],
  )) {
    const text = expr.slice(node.from, node.to);
    const other = swaps[text];
    if (other !== undefined) change(node.from, node.to, other);
  }
  for (const { from, to } of nodesOf(expr, 'MatchingModifierClause')) change(from, to, '');
  for (const node of nodesOf(expr, 'UnquotedLabelMatcher')) {
    const comma = /^\s*,/.exec(expr.slice(node.to))?.[0].length ?? 0;
    change(node.from, node.to + comma, '');
  }
  for (const node of nodesOf(expr, 'GroupingLabels'))
    for (const { from, to } of node.getChildren('LabelName')) change(from, to, 'nothing');
  return found;
}

function fieldMutants(rule: RuleText): Mutant[] {
  const { for: wait, keep_firing_for: keep, labels = {} } = rule;
  const found: Mutant[] = [];
  const { for: _for, ...impatient } = rule;
  const { keep_firing_for: _keep, ...forgetful } = rule;
  if (rule.alert !== undefined) {
    found.push({ what: `for ${wait} → longer`, rule: { ...rule, for: longer(wait) } });
    found.push({
      what: `keep_firing_for ${keep} → longer`,
      rule: { ...rule, keep_firing_for: longer(keep) },
    });
  }
  if (wait !== undefined) found.push({ what: `for ${wait} → none`, rule: impatient });
  if (keep !== undefined) found.push({ what: `keep_firing_for ${keep} → none`, rule: forgetful });
  for (const [name, value] of Object.entries(labels))
    found.push({
      what: `label ${name}: ${value} → other`,
      rule: { ...rule, labels: { ...labels, [name]: 'other' } },
    });
  return found;
}

function longer(text: string | undefined): string {
  return text === undefined ? '1h' : duration((4 * (parseDuration(text) ?? 0)) / 1000);
}
