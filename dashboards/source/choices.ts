import type { Choice } from './board.ts';

const answering = 'thinpool_exporter_build_info';

export const hosts: Choice = {
  name: 'instance',
  label: 'Host',
  description: 'The exporters, as Prometheus names them',
  from: answering,
  multi: true,
};

export const pools: Choice = {
  name: 'pool',
  label: 'Pool',
  description: 'The pools of these hosts, as the exporter names them',
  from: 'thinpool_up{instance=~"$instance"}',
  multi: true,
};

export const sources: Choice = {
  name: 'source',
  label: 'Source',
  description: 'What the exporter reads',
  from: 'thinpool_source_up{instance=~"$instance"}',
  multi: true,
};

/** One host, and one pool of it: limits of several pools in one picture say nothing. */
export const oneHost: Choice = { ...hosts, multi: false };
export const onePool: Choice = { ...pools, from: 'thinpool_up{instance="$instance"}', multi: false };
