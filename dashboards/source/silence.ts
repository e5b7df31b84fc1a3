import { many, ofHost } from './promql.ts';

/** A sample every ten minutes: all samples of a day would be 17,280 for each host. */
const ourJobs = `last_over_time(group by (cluster, job) (${ofHost(many, 'thinpool_exporter_build_info')})[1d:10m])`;

/** Targets that are down, of jobs that have or had a thin pool exporter. Other jobs are not ours. */
export const silentHosts = `max by (cluster, instance) (${ofHost(many, 'up')} == 0 and on (cluster, job) ${ourJobs})`;
