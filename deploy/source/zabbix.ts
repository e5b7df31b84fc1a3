import { createHash } from 'node:crypto';
import { stringify } from 'yaml';

const template = 'Thin pools by thinpool-exporter';
const group = 'Templates/Applications';
const master = 'thinpool';
const statuses = 'Thin pool status';

/**
 * The template for `check --plugin=zabbix`, in the format of Zabbix 6.0, which every later version imports. Test
 * `test/artifacts/deploy/zabbix.test.ts` compares its paths with what the command prints.
 */
export function zabbixTemplate(): string {
  const whole = {
    zabbix_export: {
      version: '6.0',
      groups: [{ uuid: uuidOf('group'), name: group }],
      templates: [
        {
          uuid: uuidOf('template'),
          template,
          name: template,
          description:
            'Needs UserParameter=thinpool,thinpool-exporter check --plugin=zabbix in the configuration of the agent, which must be allowed to run it as root.',
          groups: [{ name: group }],
          items: [
            {
              uuid: uuidOf('master'),
              name: 'Thin pools: all of it',
              key: master,
              delay: '{$THINPOOL.INTERVAL}',
              history: '0',
              trends: '0',
              value_type: 'TEXT',
            },
            ...itemsOf(host),
          ],
          discovery_rules: [
            {
              uuid: uuidOf('discovery'),
              name: 'Thin pools',
              type: 'DEPENDENT',
              key: 'thinpool.discovery',
              delay: '0',
              description: 'Finds {#POOL}.',
              item_prototypes: [
                ...itemsOf(pool),
                ...levels.map(({ name, field, units }) => ({
                  ...dependent(`${pool.name}: ${name}`, `thinpool.pool.${field}[{#POOL}]`, pool.path(field)),
                  history: '31d',
                  value_type: 'FLOAT',
                  units,
                })),
              ],
              trigger_prototypes: problemsOf(pool),
              master_item: { key: master },
              preprocessing: [{ type: 'JSONPATH', parameters: ['$.pools'] }],
            },
          ],
          macros: [
            { macro: '{$THINPOOL.INTERVAL}', value: '1m', description: 'How often the host is read.' },
            {
              macro: '{$THINPOOL.NODATA}',
              value: '10m',
              description: 'Without data for so long, a problem.',
            },
          ],
          valuemaps: [
            {
              uuid: uuidOf('statuses'),
              name: statuses,
              mappings: ['ok', 'warning', 'critical', 'unknown'].map((newvalue, value) => ({
                value: String(value),
                newvalue,
              })),
            },
          ],
        },
      ],
      triggers: [
        {
          uuid: uuidOf('nodata'),
          expression: `nodata(/${template}/${host.key}.status,{$THINPOOL.NODATA})=1`,
          name: `${host.name}: no data`,
          priority: 'HIGH',
          description: 'The agent does not answer, or the command fails: nothing is known of the pools.',
        },
        ...problemsOf(host),
      ],
    },
  };
  return stringify(whole, { lineWidth: 0 });
}

const levels = [
  { name: 'data used', field: 'data_used_percent', units: '%' },
  { name: 'metadata used', field: 'metadata_used_percent', units: '%' },
  { name: 'data free', field: 'data_free_bytes', units: 'B' },
  { name: 'metadata free', field: 'metadata_free_bytes', units: 'B' },
];

/** What has a status and a summary. */
interface Judged {
  readonly name: string;
  /** Of its items, without their ends. */
  readonly key: string;
  readonly parameters: string;
  /** Of a field in the output of the master item. */
  readonly path: (field: string) => string;
}

const host: Judged = {
  name: 'Thin pools',
  key: 'thinpool.host',
  parameters: '',
  path: (field) => `$.host.${field}`,
};
const pool: Judged = {
  name: 'Thin pool {#POOL}',
  key: 'thinpool.pool',
  parameters: '[{#POOL}]',
  path: (field) => `$.pools[?(@.pool == '{#POOL}')].${field}.first()`,
};

function itemsOf({ name, key, parameters, path }: Judged) {
  return [
    {
      ...dependent(`${name}: status`, `${key}.status${parameters}`, path('status')),
      history: '31d',
      valuemap: { name: statuses },
    },
    {
      ...dependent(`${name}: summary`, `${key}.summary${parameters}`, path('summary')),
      history: '31d',
      trends: '0',
      value_type: 'TEXT',
    },
  ];
}

const problems = [
  { status: 2, what: 'critical', priority: 'HIGH' },
  { status: 1, what: 'warning', priority: 'WARNING' },
  { status: 3, what: 'its state is not known', priority: 'WARNING' },
];

/** The summary is in the expression for its text. */
function problemsOf({ name, key, parameters }: Judged) {
  const last = (item: string) => `last(/${template}/${key}.${item}${parameters})`;
  return problems.map(({ status, what, priority }) => ({
    uuid: uuidOf(`${key} ${what}`),
    expression: `${last('status')}=${status} and length(${last('summary')})>0`,
    name: `${name}: ${what}`,
    opdata: '{ITEM.LASTVALUE2}',
    priority,
  }));
}

function dependent(name: string, key: string, path: string) {
  return {
    uuid: uuidOf(key),
    name,
    type: 'DEPENDENT',
    key,
    delay: '0',
    master_item: { key: master },
    // What is not known is absent: the item keeps its last value, and gets none.
    preprocessing: [{ type: 'JSONPATH', parameters: [path], error_handler: 'DISCARD_VALUE' }],
  };
}

/** The same each time: Zabbix recognises what it has imported by it. Version 4, as it demands. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`thinpool-exporter ${name}`).digest('hex');
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}8${hex.slice(17, 32)}`;
}
