import type { ConfigurableCollector } from '../../../src/config/options.ts';

/** A list of collectors for tests of what is rendered from such a list. */
export const collectors: readonly ConfigurableCollector[] = [
  collector('devices', 'Devices and tables of device-mapper.', 'dmsetup', 5, 4),
  collector('lvm', 'Logical volumes and volume groups.', 'lvs, vgs', 60, 20),
  collector('docker', 'What Docker reports about its pool.', 'docker', 60, 10),
];

function collector(
  name: string,
  help: string,
  tool: string,
  interval: number,
  timeout: number,
): ConfigurableCollector {
  return {
    name,
    help,
    needs: { tool },
    defaults: { intervalMs: interval * 1000, timeoutMs: timeout * 1000 },
  };
}
