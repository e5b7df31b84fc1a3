import { parse } from 'yaml';
import type { Labels } from './exporter.ts';
import type { Tier } from './tiers.ts';

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Group {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

/** What is evaluated together: all that pages at one interval, and what that is computed from. */
export interface Pass {
  /** Seconds. */
  readonly interval: number;
  readonly groups: readonly Group[];
}

export interface RuleSet {
  readonly groups: readonly Group[];
  /** The label by which an alert that pages is known. */
  readonly tier: readonly [name: string, value: string];
}

/** What Prometheus takes where a group names no interval. */
const defaultInterval = '1m';

export function readRules(text: string): RuleSet {
  const { groups } = parse(text) as { groups: Group[] };
  const isOurs = groups.some(({ rules }) => rules.some(({ labels }) => labels?.['page'] === 'true'));
  return { groups, tier: isOurs ? ['page', 'true'] : ['severity', 'critical'] };
}

/** promtool evaluates all groups of a file at one interval, so each interval has a run of its own. */
export function passesOf({ groups, tier: [name, value] }: RuleSet, { finest }: Pick<Tier, 'finest'>): Pass[] {
  const isPage = ({ alert, labels }: Rule): boolean => {
    const given = labels?.[name];
    return alert !== undefined && (given === value || given?.includes('{{') === true);
  };
  const intervalOf = (group: Group): number => Math.max(finest, secondsOf(group));
  const intervals = new Set(groups.filter(({ rules }) => rules.some(isPage)).map(intervalOf));
  return [...intervals].map((interval) => ({
    interval,
    groups: neededFor((group, rule) => intervalOf(group) === interval && isPage(rule), groups).map((group) =>
      intervalOf(group) > interval
        ? { ...group, rules: group.rules.map((rule) => held(rule, intervalOf(group))) }
        : group,
    ),
  }));
}

/** A selector of findings, maybe grouped, and only less by what follows. */
const ofFindings =
  /^\s*(?:group without \([^)]*\) \(\s*)?last_over_time\(thinpool_finding\{(?<matchers>[^}]*)\}\[[^\]]*\]\)\s*\)?\s*(?:$|(?:unless|and) )/;
/** What one of several operands begins with; in parentheses it is indented. */
const either = /^or /m;
const matcher = /(?<label>\w+)\s*(?<operator>=~|!~|!=|=)\s*"(?<value>(?:[^"\\]|\\.)*)"/g;

/**
 * Without the alerts that only look for findings of which there are none in these series: they cannot fire, and are most of the
 * rules and of the time. An expression of any other form stays.
 */
export function thoseThatCanFire(pass: Pass, findings: readonly Labels[]): Pass {
  const isEmpty = (operand: string): boolean => {
    const matchers = ofFindings.exec(operand)?.groups?.['matchers'];
    if (matchers === undefined) return false;
    const tests = [...matchers.matchAll(matcher)].map(({ groups }) => matches(groups!));
    return !findings.some((labels) => tests.every((test) => test(labels)));
  };
  const canFire = ({ expr }: Rule): boolean => !expr.split(either).every(isEmpty);
  return { ...pass, groups: neededFor((_, rule) => rule.alert !== undefined && canFire(rule), pass.groups) };
}

function matches({ label, operator, value }: Readonly<Record<string, string>>): (labels: Labels) => boolean {
  // In a string of PromQL a backslash is written twice, as in JSON.
  const text = JSON.parse(`"${value}"`) as string;
  const isPattern = operator!.endsWith('~');
  const pattern = new RegExp(`^(?:${text})$`);
  return (labels) => {
    const given = labels[label!] ?? '';
    return (isPattern ? pattern.test(given) : given === text) !== operator!.startsWith('!');
  };
}

/** Every name in the expressions: metrics, and words of PromQL that no metric is called by. */
export function namesOf({ groups }: Pass): ReadonlySet<string> {
  return new Set(groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => wordsOf(expr))));
}

/** A recording rule of a slower group: between its own times it keeps what it had. */
function held(rule: Rule, interval: number): Rule {
  if (rule.record === undefined) return rule;
  const labels = Object.entries(rule.labels ?? {}).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  const itself = `${rule.record}{${labels.join(',')}}`;
  const isTime = `vector(time() % ${interval})`;
  return {
    ...rule,
    expr: `((${rule.expr}) and on () (${isTime} == 0)) or (${itself} and on () (${isTime} != 0))`,
  };
}

/** The requested rules and the recording rules that they read, in the file's order and without annotations. */
function neededFor(isAsked: (group: Group, rule: Rule) => boolean, groups: readonly Group[]): Group[] {
  const all = groups.flatMap((group) => group.rules.map((rule) => ({ group, rule })));
  const needed = new Set(all.filter(({ group, rule }) => isAsked(group, rule)).map(({ rule }) => rule));
  for (let before = -1; before !== needed.size; ) {
    before = needed.size;
    const read = [...needed].flatMap(({ expr }) => selectorsIn(expr));
    for (const { rule } of all) if (read.some((selector) => isReadBy(rule, selector))) needed.add(rule);
  }
  return groups
    .map(({ name, interval, rules }) => ({
      name,
      ...(interval !== undefined && { interval }),
      rules: rules.filter((rule) => needed.has(rule)).map(withoutAnnotations),
    }))
    .filter(({ rules }) => rules.length > 0);
}

interface Selector {
  readonly name: string;
  readonly equal: readonly (readonly [label: string, value: string])[];
}

function selectorsIn(expr: string): Selector[] {
  return [...expr.matchAll(/([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{([^}]*)\})?/g)].map(([, name, matchers]) => ({
    name: name!,
    equal: [...(matchers ?? '').matchAll(/(\w+)\s*=\s*["']([^"']*)["']/g)].map(
      ([, label, value]) => [label!, value!] as const,
    ),
  }));
}

/** A rule with another value for a label that the selector names is none of its business. */
function isReadBy({ record, alert, labels }: Rule, { name, equal }: Selector): boolean {
  const isNamed = alert === undefined ? name === record : name === 'ALERTS' || name === 'ALERTS_FOR_STATE';
  const given: Readonly<Record<string, string>> = {
    ...labels,
    ...(alert !== undefined && { alertname: alert }),
  };
  return isNamed && equal.every(([label, value]) => (given[label] ?? value) === value);
}

function withoutAnnotations(rule: Rule): Rule {
  const { annotations: _, ...rest } = rule as Rule & { annotations?: unknown };
  return rest;
}

function wordsOf(expr: string): string[] {
  return expr.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? [];
}

function secondsOf({ interval }: Group): number {
  return seconds(interval ?? defaultInterval);
}

const unitSeconds: Readonly<Record<string, number>> = { d: 86400, h: 3600, m: 60, s: 1 };

/** A duration as Prometheus writes it. */
export function seconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)([dhms])/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * unitSeconds[unit!]!, 0);
}
