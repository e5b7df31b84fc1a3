import type { Choice } from './board.ts';

const answering = 'thinpool_exporter_build_info';

export const hosts: Choice = {
  name: 'instance',
  label: 'Host',
  description: 'The instance labels of the exporters',
  from: answering,
  multi: true,
};

export const pools: Choice = {
  name: 'pool',
  label: 'Pool',
  description: 'The pools of the selected hosts',
  from: 'thinpool_up{instance=~"$instance"}',
  multi: true,
};

export const collectors: Choice = {
  name: 'collector',
  label: 'Collector',
  description: 'The collectors of the exporter',
  from: 'thinpool_collector_up{instance=~"$instance"}',
  multi: true,
};

/** A single host and pool: a graph with the limits of several pools would be unreadable. */
export const oneHost: Choice = { ...hosts, multi: false };
export const onePool: Choice = { ...pools, from: 'thinpool_up{instance="$instance"}', multi: false };
