import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { type Colour, words } from './colours.ts';
import { ofPool, one, orZero, perPool } from './promql.ts';

interface Row {
  readonly legend: string;
  readonly states: readonly { readonly expr: string; readonly text: string; readonly colour: Colour }[];
}

const mode = (name: string): string => `(${ofPool(one, 'thinpool_mode', `mode="${name}"`)} == 1)`;
const flag = (expr: string, value: 0 | 1): string => `(${expr} == ${value})`;
const isActive = `max by (instance, pool) (${ofPool(one, 'thinpool_presence', 'presence="active"')} == 1)`;

function yesOrNo(
  legend: string,
  metric: string,
  no: readonly [string, Colour],
  yes: readonly [string, Colour],
  select: (metric: string) => string = (name) => ofPool(one, name),
): Row {
  const expr = select(metric);
  return {
    legend,
    states: [
      { expr: flag(expr, 0), text: no[0], colour: no[1] },
      { expr: flag(expr, 1), text: yes[0], colour: yes[1] },
    ],
  };
}

/** Of a metric that is exported only while it is not 0. Where device-mapper has the pool, it is known. */
const ofActive = (metric: string): string => `(${orZero(perPool(ofPool(one, metric)), isActive)})`;

const rows: readonly Row[] = [
  {
    legend: 'Mode',
    states: [
      { expr: mode('rw'), text: 'writable', colour: 'green' },
      { expr: mode('out_of_data_space'), text: 'out of data space', colour: 'red' },
      { expr: mode('ro'), text: 'read-only', colour: 'red' },
      { expr: mode('fail'), text: 'failed', colour: 'dark-red' },
      { expr: mode('error'), text: 'unreadable', colour: 'dark-red' },
    ],
  },
  yesOrNo('Status', 'thinpool_up', ['unknown', 'purple'], ['known', 'green']),
  yesOrNo('When full', 'thinpool_queue_if_no_space', ['fails writes', 'blue'], ['queues writes', 'blue']),
  yesOrNo('Metadata check', 'thinpool_needs_check', ['not needed', 'green'], ['needed', 'red']),
  yesOrNo('I/O', 'thinpool_suspended', ['running', 'green'], ['suspended', 'red'], ofActive),
  yesOrNo('dmeventd', 'thinpool_lvm_monitored', ['not monitoring', 'orange'], ['monitoring', 'green']),
];

/** Unique over all rows, so that one value mapping serves all of them. */
const numberOf = (row: number, state: number): number => 10 * row + state + 1;

export function stateRows(): { readonly expr: string; readonly legend: string }[] {
  return rows.map(({ legend, states }, row) => ({
    legend,
    expr: perPool(states.map(({ expr }, state) => `${expr} * 0 + ${numberOf(row, state)}`).join(' or ')),
  }));
}

export const stateWords: ValueMapping = words(
  Object.fromEntries(
    rows.flatMap(({ states }, row) =>
      states.map(({ text, colour }, state) => [numberOf(row, state), [text, colour] as const]),
    ),
  ),
);
