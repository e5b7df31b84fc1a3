import { many, ofHost } from './promql.ts';

/** Targets that do not answer, of a job that has, or had, an exporter of thin pools: other jobs are none of ours. */
export const silentHosts = `max by (instance) (${ofHost(many, 'up')} == 0 and on (job) last_over_time(${ofHost(many, 'thinpool_exporter_build_info')}[1d]))`;
