import type { Config } from '../config/options.ts';
import { whyNoDeviceMapper } from '../format/describe-state.ts';
import type { Logger } from '../log.ts';
import type { Host } from '../model/host.ts';
import { unmatchedFindingOptions } from '../rules/finding-options.ts';
import { unmatchedMinimumFrees } from '../thinpool/unmatched-minimum-frees.ts';

type PoolOptions = Partial<Pick<Config, 'minimumFree' | 'findings'>>;

/** Logs which options name pools that are not there. */
export function reportUnmatched(
  host: Host,
  log: Pick<Logger, 'warn'>,
  { minimumFree = [], findings = [] }: PoolOptions,
): void {
  for (const problem of [
    ...unmatchedMinimumFrees(minimumFree, host),
    ...unmatchedFindingOptions(findings, host),
  ])
    log.warn({ problem }, 'Option matches no pool');
}

/** Logs once whether there is anything to monitor. */
export function reportHost(host: Host, log: Pick<Logger, 'info' | 'warn'>, options: PoolOptions = {}): void {
  reportUnmatched(host, log, options);
  const absent = whyNoDeviceMapper(host);
  const why = host.collectors
    .filter(({ discovers }) => discovers)
    .flatMap(({ queries }) => queries)
    .find(({ failure }) => failure !== undefined)?.failure;
  if (host.pools.length > 0) log.info({ pools: host.pools.length }, 'Monitoring thin pools');
  else if (host.discovered && host.excludedPools)
    log.warn(
      { excluded: host.excludedPools },
      'No pool of this host is watched; see --pools.include and --pools.exclude',
    );
  else if (host.discovered)
    log.info(
      {},
      'No thin pools on this host; `thinpool-exporter demo` simulates a host with pools that fill up',
    );
  else if (absent !== undefined)
    log.info(
      { why: absent },
      'No device-mapper on this host; `thinpool-exporter demo` simulates a host with pools that fill up',
    );
  else
    log.warn(
      { why },
      'Thin pools cannot be read; run `thinpool-exporter doctor` to find out why, or `thinpool-exporter demo` for a simulated host',
    );
}
