import { many, ofHost } from './promql.ts';

/** Targets that are down, of jobs that have or had a thin pool exporter. Other jobs are not ours. */
export const silentHosts = `max by (instance) (${ofHost(many, 'up')} == 0 and on (job) last_over_time(${ofHost(many, 'thinpool_exporter_build_info')}[1d]))`;
