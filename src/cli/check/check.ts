import { limitsOf } from '../../collect/create-monitor.ts';
import { plain } from '../../format/printable.ts';
import { unmatchedFindingOptions } from '../../rules/finding-options.ts';
import { unmatchedMinimumFrees } from '../../thinpool/unmatched-minimum-frees.ts';
import { createOnceMonitor } from '../collect-once.ts';
import type { Run } from '../context.ts';
import { judgePools } from './judge-pools.ts';
import { renderCheck } from './render.ts';
import { renderCheckmk } from './render-checkmk.ts';
import { renderCheckJson } from './render-json.ts';
import { renderZabbix } from './render-zabbix.ts';
import { sampleGrowth } from './sample-growth.ts';
import { judge } from './verdict.ts';

/** Reads the host once, as a monitoring plugin does; the volumes of pools that are short of data twice. */
export const check: Run = async (context) => {
  const { config, print, printError } = context;
  const monitor = createOnceMonitor(context, context.read);
  const { host, findings, trends, muted = [] } = await monitor.collectOnce();
  // A captured host does not change, so nothing can grow in it.
  const growth = config.replay === undefined ? await sampleGrowth(monitor, { host, findings }, context) : [];
  for (const problem of [
    ...unmatchedMinimumFrees(config.minimumFree ?? [], host),
    ...unmatchedFindingOptions(config.findings ?? [], host),
  ])
    printError(`${plain(problem)}\n`);
  const checked = { host, findings, trends, growth, muted };
  if (config.plugin !== 'nagios') {
    const services = judgePools(checked);
    print(config.plugin === 'zabbix' ? renderZabbix(services) : renderCheckmk(services, limitsOf(config)));
    // The status is in the output; another exit status than 0 would be a failure of the plugin.
    return 0;
  }
  print(config.json ? renderCheckJson(checked) : renderCheck(checked, limitsOf(config)));
  return judge({ host, findings }).exitCode;
};
