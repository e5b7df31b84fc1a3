import type { AlertName } from '../../src/model/alert-name.ts';
import { yaml } from './rule-files.ts';

const is = (label: string, ...values: readonly string[]): string =>
  values.length === 1 ? `${label} = "${values[0]}"` : `${label} =~ "${values.join('|')}"`;
const any = (...names: readonly AlertName[]): string => is('alertname', ...names);
const has = (label: string): string => `${label} =~ ".+"`;
interface Inhibition {
  readonly because: string;
  readonly loud: readonly string[];
  readonly quiet: readonly string[];
  /** What has to be there and the same on both sides: Alertmanager takes two that are missing for equal. */
  readonly same: readonly string[];
  /** What has to be the same, or be missing on both sides. */
  readonly sameIfAny?: readonly string[];
}

const predictions = ['ThinPoolRunsOutInMinutes', 'ThinPoolRunsOutInHours', 'ThinPoolNearlyFull'] as const;
const autoextend = ['ThinPoolAutoextendNoRoom', 'ThinPoolAutoextendIdle'] as const;

/** Who is told already need not be told less. */
export const inhibitions: readonly Inhibition[] = [
  {
    because: 'the same at a higher severity',
    loud: [is('severity', 'critical'), 'alertname =~ "ThinPool.+"'],
    quiet: [is('severity', 'warning', 'info'), 'alertname =~ "ThinPool.+"'],
    same: ['alertname', 'instance', 'pool'],
    sameIfAny: ['resource'],
  },
  {
    because: 'a pool that is broken has other troubles than space',
    loud: [any('ThinPoolFailed', 'ThinPoolNeedsCheck', 'ThinPoolReadOnly')],
    quiet: [any(...predictions, ...autoextend, 'ThinPoolBelowMinimumFree', 'ThinPoolNoTimeToReact')],
    same: ['instance', 'pool'],
  },
  {
    because: 'what is full no longer runs out',
    loud: [any('ThinPoolFull')],
    quiet: [any(...predictions, ...autoextend, 'ThinPoolBelowMinimumFree', 'ThinPoolNoTimeToReact')],
    same: ['instance', 'pool', 'resource'],
  },
  {
    because: 'what is below its floor no longer nears it',
    loud: [any('ThinPoolBelowMinimumFree')],
    quiet: [any(...predictions), is('target', 'floor')],
    same: ['instance', 'pool', 'resource'],
  },
  {
    because: 'sooner than later',
    loud: [any('ThinPoolRunsOutInMinutes')],
    quiet: [any('ThinPoolRunsOutInHours', 'ThinPoolNearlyFull')],
    same: ['instance', 'pool', 'resource', 'target'],
  },
  {
    because: 'a pool that runs out of space within hours is not only nearly full',
    loud: [any('ThinPoolRunsOutInHours'), is('severity', 'critical')],
    quiet: [any('ThinPoolNearlyFull')],
    same: ['instance', 'pool', 'resource', 'target'],
  },
  {
    because: 'an exporter that is not there tells nothing, and what it told is held for a while',
    loud: [any('ThinPoolExporterDown')],
    quiet: [
      any(
        'ThinPoolBlind',
        'ThinPoolVanished',
        'ThinPoolSourceFailing',
        'ThinPoolCertificateEnds',
        'ThinPoolWebConfigRefused',
      ),
    ],
    same: ['instance'],
  },
  {
    because: 'a reading that hangs is why the pool is not known',
    loud: [any('ThinPoolStalled')],
    quiet: [any('ThinPoolBlind')],
    same: ['instance', 'pool'],
  },
];

function render({ loud, quiet, same, sameIfAny = [] }: Inhibition): object {
  const there = same.map(has);
  return {
    source_matchers: [...loud, ...there],
    target_matchers: [...quiet, ...there],
    equal: [...same, ...sameIfAny],
  };
}

export const receivers = ['nobody', 'page', 'ticket', 'dead-mans-switch'] as const;
export type Receiver = (typeof receivers)[number];

/** To be replaced by one's own. */
export const webhook = (receiver: Receiver): string => `http://127.0.0.1:9099/${receiver}`;

const to = (receiver: Receiver): { readonly receiver: Receiver } => ({ receiver });

const route = {
  ...to('nobody'),
  group_by: ['alertname', 'instance', 'pool', 'resource'],
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
      // A page shares its group with nothing that does not page: an existing group waits for group_interval.
      group_by: ['alertname', 'instance', 'pool', 'resource', 'target'],
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

/** An example for the thin pool part of an Alertmanager configuration. */
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
    'Routes and inhibition for the alerts on thin pools: put your own receivers in place of the webhooks.',
  );
}
