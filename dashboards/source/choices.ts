import type { Choice } from './board.ts';

const answering = 'thinpool_exporter_build_info';

/** Where one server has several: see docs/guide/fleet.md. */
export const clusters: Choice = {
  name: 'cluster',
  label: 'Cluster',
  description: 'The cluster labels of the exporters; all of them, also where there is no such label',
  from: answering,
  multi: true,
  mayBeAbsent: true,
};

export const hosts: Choice = {
  name: 'instance',
  label: 'Host',
  description: 'The instance labels of the exporters',
  from: `${answering}{cluster=~"$cluster"}`,
  multi: true,
};

export const pools: Choice = {
  name: 'pool',
  label: 'Pool',
  description: 'The pools of the selected hosts',
  from: 'thinpool_up{cluster=~"$cluster",instance=~"$instance"}',
  multi: true,
};

export const collectors: Choice = {
  name: 'collector',
  label: 'Collector',
  description: 'The collectors of the exporter',
  from: 'thinpool_collector_up{cluster=~"$cluster",instance=~"$instance"}',
  multi: true,
};

/** A single host and pool: a graph with the limits of several pools would be unreadable. */
export const oneHost: Choice = { ...hosts, multi: false };
export const onePool: Choice = {
  ...pools,
  from: 'thinpool_up{cluster=~"$cluster",instance="$instance"}',
  multi: false,
};
