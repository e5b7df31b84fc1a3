import { parse } from 'yaml';

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

/** The part of a rules file that is evaluated together: what pages at one interval, and what that is computed from. */
export interface Pass {
  /** Seconds. */
  readonly interval: number;
  readonly groups: readonly Group[];
}

export interface RuleSet {
  readonly passes: readonly Pass[];
  /** The label by which an alert that pages is known. */
  readonly tier: readonly [name: string, value: string];
  /** Every name in the expressions: metrics, and words of PromQL that no metric is called by. */
  readonly names: ReadonlySet<string>;
}

/** What Prometheus takes where a group names no interval. */
const defaultInterval = '1m';

export function readRules(text: string): RuleSet {
  const groups = (parse(text) as { groups: Group[] }).groups;
  const rules = groups.flatMap((group) => group.rules);
  const tier = rules.some(({ labels }) => labels?.['page'] === 'true')
    ? (['page', 'true'] as const)
    : (['severity', 'critical'] as const);
  const isPage = ({ alert, labels }: Rule): boolean => {
    const value = labels?.[tier[0]];
    return alert !== undefined && (value === tier[1] || value?.includes('{{') === true);
  };
  const intervals = new Set(groups.filter(({ rules: of }) => of.some(isPage)).map(secondsOf));
  const passes = [...intervals]
    .sort((one, other) => one - other)
    .map((interval) => ({
      interval,
      groups: neededFor((group, rule) => secondsOf(group) === interval && isPage(rule), groups),
    }));
  const kept = passes.flatMap((pass) => pass.groups.flatMap((group) => group.rules));
  return { passes, tier, names: new Set(kept.flatMap(namesIn)) };
}

/** What is asked for and what it reads from recording rules, in the file's order and without annotations. */
function neededFor(isAsked: (group: Group, rule: Rule) => boolean, groups: readonly Group[]): Group[] {
  const all = groups.flatMap((group) => group.rules.map((rule) => ({ group, rule })));
  const needed = new Set(all.filter(({ group, rule }) => isAsked(group, rule)).map(({ rule }) => rule));
  for (let before = -1; before !== needed.size; ) {
    before = needed.size;
    const read = new Set([...needed].flatMap(namesIn));
    const readsAlerts = read.has('ALERTS') || read.has('ALERTS_FOR_STATE');
    for (const { rule } of all)
      if (rule.record === undefined ? readsAlerts : read.has(rule.record)) needed.add(rule);
  }
  return groups
    .map(({ name, interval, rules }) => ({
      name,
      ...(interval !== undefined && { interval }),
      rules: rules.filter((rule) => needed.has(rule)).map(withoutAnnotations),
    }))
    .filter(({ rules }) => rules.length > 0);
}

function withoutAnnotations(rule: Rule): Rule {
  const { annotations: _, ...rest } = rule as Rule & { annotations?: unknown };
  return rest;
}

function namesIn({ expr }: Rule): string[] {
  return `${expr}`.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? [];
}

function secondsOf({ interval }: Group): number {
  return seconds(interval ?? defaultInterval);
}

const unitSeconds: Readonly<Record<string, number>> = { d: 86400, h: 3600, m: 60, s: 1 };

/** Prometheus' way to write a duration. */
export function seconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)([dhms])/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * unitSeconds[unit!]!, 0);
}
