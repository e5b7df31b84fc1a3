import type { Dashboard, Variable } from './dashboard.ts';

/** What a person has chosen, by variable: values, or all. */
export type Chosen = Readonly<Record<string, readonly string[] | 'all'>>;

/** Times that Grafana computes for a panel. */
const intervals: Readonly<Record<string, string>> = {
  __rate_interval: '2m',
  __interval: '30s',
  __range: '1h',
};

/** An expression that can be parsed: variables may stand in strings, but not where a duration is wanted. */
export function withIntervals(expr: string): string {
  return expr.replaceAll(/\$(?<name>__\w+)/g, (all, name: string) => intervals[name] ?? all);
}

/** An expression with its variables replaced as Grafana does it for Prometheus. Throws on an undefined name. */
export function substitute(
  expr: string,
  { templating }: Pick<Dashboard, 'templating'>,
  chosen: Chosen,
): string {
  const variables = new Map(templating.list.map((variable) => [variable.name, variable]));
  return expr.replaceAll(/\$\{?(?<name>\w+)\}?/g, (_, name: string) => {
    const interval = intervals[name];
    if (interval !== undefined) return interval;
    const variable = variables.get(name);
    const values = chosen[name];
    if (variable === undefined || values === undefined) throw new Error(`nobody defines $${name}: ${expr}`);
    return textOf(variable, values);
  });
}

function textOf({ name, multi, includeAll, allValue }: Variable, values: readonly string[] | 'all'): string {
  if (values === 'all') {
    if (!includeAll || allValue === undefined) throw new Error(`$${name} has no All`);
    return allValue;
  }
  const [only = ''] = values;
  // Of one that is no list, only what would end the string is escaped.
  if (!multi && !includeAll) return only.replaceAll(/[\\"]/g, '\\$&');
  return values.length === 1 ? escapeRegex(only) : `(${values.map(escapeRegex).join('|')})`;
}

/** Once for the regular expression, once more for the string that contains it. */
function escapeRegex(value: string): string {
  return value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\\\$&');
}
