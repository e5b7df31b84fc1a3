import type { Dashboard } from './dashboard.ts';
import type { Chosen } from './substitute.ts';

/** Values that there are, by variable. */
export type Values = Readonly<Record<string, readonly string[]>>;

/**
 * What a person may choose: all, one, several. A single choice has neither all nor several: there, each of the values
 * that belong together is tried.
 */
export function choicesFor(
  { templating }: Dashboard,
  values: readonly Values[],
): readonly (readonly [string, Chosen])[] {
  const variables = templating.list.filter(({ type }) => type === 'query');
  const [first = {}] = values;
  const only = (of: Values): Chosen =>
    Object.fromEntries(variables.map(({ name }) => [name, (of[name] ?? []).slice(0, 1)]));
  if (variables.some(({ multi }) => !multi))
    return values.map((of) => [JSON.stringify(only(of)), only(of)] as const);
  return [
    ['all', Object.fromEntries(variables.map(({ name }) => [name, 'all']))],
    ['one', only(first)],
    [
      'several',
      Object.fromEntries(
        variables.map(({ name }) => [name, [...new Set(values.flatMap((of) => of[name] ?? []))]]),
      ),
    ],
  ];
}
