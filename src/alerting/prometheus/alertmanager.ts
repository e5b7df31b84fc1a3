import type { AlertName } from '../../model/alert-name.ts';
import { type Relation, relations } from '../explained.ts';
import { yaml } from './rule-files.ts';

const is = (label: string, ...values: readonly string[]): string =>
  values.length === 1 ? `${label} = "${values[0]}"` : `${label} =~ "${values.join('|')}"`;
const any = (...names: readonly AlertName[]): string => is('alertname', ...names);
const has = (label: string): string => `${label} =~ ".+"`;
interface Inhibition {
  readonly because: string;
  readonly loud: readonly string[];
  readonly quiet: readonly string[];
  /** Must be present and equal on both sides: to Alertmanager, two missing labels are equal. */
  readonly same: readonly string[];
  /** Must be equal, or missing on both sides. */
  readonly sameIfAny?: readonly string[];
}

/** A cause that an operator has made a ticket must not keep its effect from paging. */
function toInhibition({ because, by, explained, same, target }: Relation): Inhibition {
  return {
    because,
    loud: [any(...by), is('severity', 'critical')],
    quiet: [any(...explained), ...(target === undefined ? [] : [is('target', target)])],
    same: ['instance', ...same],
  };
}

/** An alert that says less than another active one is not sent. */
export const inhibitions: readonly Inhibition[] = [
  {
    because: 'the same alert is active at a higher severity',
    loud: [is('severity', 'critical'), 'alertname =~ "ThinPool.+"'],
    quiet: [is('severity', 'warning', 'info'), 'alertname =~ "ThinPool.+"'],
    same: ['alertname', 'instance', 'pool'],
    sameIfAny: ['resource'],
  },
  ...relations.map(toInhibition),
  {
    because: 'an exporter that is down explains missing data, and its last alerts keep firing for a while',
    loud: [any('ThinPoolExporterDown')],
    quiet: [
      any(
        'ThinPoolBlind',
        'ThinPoolVanished',
        'ThinPoolCollectorFailing',
        'ThinPoolClockSkew',
        'ThinPoolCertificateEnds',
        'ThinPoolWebConfigRefused',
        'ThinPoolConfigRefused',
      ),
    ],
    same: ['instance'],
  },
  {
    because: 'a hung status query explains why the state of the pool is unknown',
    loud: [any('ThinPoolStalled'), is('severity', 'critical')],
    quiet: [any('ThinPoolBlind')],
    same: ['instance', 'pool'],
  },
];

function render({ loud, quiet, same, sameIfAny = [] }: Inhibition): object {
  const there = same.map(has);
  return {
    source_matchers: [...loud, ...there],
    target_matchers: [...quiet, ...there],
    equal: [...same, ...sameIfAny, 'cluster'],
  };
}

export const receivers = ['nobody', 'page', 'ticket', 'dead-mans-switch'] as const;
export type Receiver = (typeof receivers)[number];

/** Placeholder for the receivers of a real installation. */
export const webhook = (receiver: Receiver): string => `http://127.0.0.1:9099/${receiver}`;

const to = (receiver: Receiver): { readonly receiver: Receiver } => ({ receiver });

const route = {
  ...to('nobody'),
  group_by: ['alertname', 'cluster', 'instance', 'pool', 'resource'],
  routes: [
    {
      ...to('dead-mans-switch'),
      matchers: [any('ThinPoolWatchdog')],
      // repeat_interval is rounded up to a multiple of group_interval.
      group_by: ['alertname'],
      group_wait: '0s',
      group_interval: '30s',
      repeat_interval: '1m',
    },
    {
      ...to('page'),
      matchers: ['alertname =~ "ThinPool.+"', is('page', 'true')],
      // Only pages are in this group: an alert that joins an existing group waits for group_interval.
      group_by: ['alertname', 'cluster', 'instance', 'pool', 'resource', 'target'],
      group_wait: '0s',
      group_interval: '1m',
      repeat_interval: '1h',
    },
    {
      ...to('ticket'),
      matchers: ['alertname =~ "ThinPool.+"', is('severity', 'warning')],
      group_wait: '1m',
      group_interval: '5m',
      repeat_interval: '1d',
    },
  ],
};

/** An example of the thin pool part of an Alertmanager configuration. */
export function alertmanagerExample(): string {
  const config = {
    route,
    inhibit_rules: inhibitions.map(render),
    receivers: receivers.map((name) =>
      name === 'nobody' ? { name } : { name, webhook_configs: [{ url: webhook(name) }] },
    ),
  };
  return yaml(
    config,
    'Routes and inhibition rules for alerts on thin pools. Replace the webhooks with your own receivers.',
  );
}
