import { plainNames } from './device-mapper.ts';

/** What the exporter queries on a host, command by command; the key is the fixture's path without its ending. */
export interface Query {
  readonly key: string;
  readonly command: readonly string[];
}

const lvsColumns = [
  ...['vg_name', 'vg_uuid', 'lv_name', 'lv_uuid', 'lv_attr', 'lv_size', 'lv_metadata_size', 'chunk_size'],
  ...[
    'data_percent',
    'metadata_percent',
    'lv_health_status',
    'lv_check_needed',
    'lv_when_full',
    'lv_profile',
  ],
  ...['vg_profile', 'pool_lv', 'origin', 'thin_count', 'transaction_id', 'kernel_discards', 'seg_monitor'],
].join(',');

const vgsColumns = [
  ...['vg_name', 'vg_uuid', 'vg_attr', 'vg_size', 'vg_free', 'vg_extent_size', 'vg_free_count', 'pv_count'],
  ...['vg_missing_pv_count', 'pv_name'],
].join(',');

const json = ['--reportformat', 'json', '--units', 'b', '--nosuffix'];
const withoutLog = ['--config', 'log{report_command_log=0}'];
const text = ['--noheadings', '--separator', '|', '--units', 'b', '--nosuffix'];
const policy = [
  'activation/thin_pool_autoextend_threshold',
  'activation/thin_pool_autoextend_percent',
  'activation/monitoring',
];
/** Of lvm.conf alone: a profile has no such settings. */
const repair = ['global/thin_check_executable', 'global/thin_repair_executable', 'global/thin_check_options'];
const infoColumns = ['--noheadings', '--separator', '|', '-o', 'major,minor,attr,open,events,uuid,name'];

export const deviceQueries: readonly Query[] = [
  { key: 'devices/info', command: ['dmsetup', 'info', '-c', ...plainNames, ...infoColumns] },
  { key: 'devices/table', command: ['dmsetup', 'table', ...plainNames] },
];

/** Run while a pool is failed. */
export const depsQueries: readonly Query[] = [
  { key: 'devices/deps', command: ['dmsetup', 'deps', ...plainNames] },
];

export const manglingQueries: readonly Query[] = [
  { key: 'devices/info.default', command: ['dmsetup', 'info', '-c', ...infoColumns] },
  { key: 'devices/table.default', command: ['dmsetup', 'table'] },
];

export const lvmQueries: readonly Query[] = [
  { key: 'lvm/lvs.json', command: ['lvs', '-a', ...json, '-o', lvsColumns, ...withoutLog] },
  { key: 'lvm/lvs.text', command: ['lvs', '-a', ...text, '-o', lvsColumns] },
  { key: 'lvm/vgs.json', command: ['vgs', ...json, '-o', vgsColumns, ...withoutLog] },
  { key: 'lvm/vgs.text', command: ['vgs', ...text, '-o', vgsColumns] },
];

export const dockerQueries: readonly Query[] = [
  { key: 'docker/info.json', command: ['docker', 'info', '--format', '{{json .}}'] },
  { key: 'docker/info.text', command: ['docker', 'info'] },
];

export const containersQuery: Query = {
  key: 'containers/list',
  command: ['docker', 'ps', '--quiet', '--no-trunc'],
};

/** Which devices the containers with these ids have, and what they are called. */
export function devicesQuery(ids: readonly string[]): Query {
  const template = '[{{json .Name}},{{json .Config.Image}},{{json .GraphDriver}}]';
  return {
    key: 'containers/inspect',
    command: ['docker', 'inspect', '--type', 'container', '--format', template, ...ids],
  };
}

export function poolQuery(pool: string): Query {
  return {
    key: `pools/${encodeURIComponent(pool)}`,
    command: ['dmsetup', 'status', '--noflush', ...plainNames, pool],
  };
}

export function volumesQuery(pool: string, volumes: readonly string[]): Query {
  const command = ['dmsetup', 'status', '--noflush', ...plainNames, ...volumes];
  return { key: `volumes/${encodeURIComponent(pool)}`, command };
}

/** The values that hold for a pool with this metadata profile; without one, for all others. */
export function policyQuery(profile?: string): Query {
  const which = profile === undefined ? [] : ['--metadataprofile', profile];
  const settings = profile === undefined ? [...policy, ...repair] : policy;
  return {
    key: `lvmpolicy/${encodeURIComponent(profile ?? 'default')}`,
    command: ['lvmconfig', '--type', 'full', ...which, ...settings],
  };
}

/** Whether the programs that LVM checks and repairs pools with are there. */
export const repairToolsQuery: Query = {
  key: 'lvmpolicy/repair/tools',
  command: [
    ...['stat', '-L', '-c', '%n', '--', '/usr/sbin/thin_check', '/usr/sbin/thin_repair'],
    ...['/usr/sbin/dmeventd', '/sbin/dmeventd'],
  ],
};
