import type { KernelSetting, KernelSettingName, PartialFacts } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { isActive } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { defineCollector, type Needs, type PathRead, type Query, type VersionQuery } from '../collector.ts';
import { ParseError } from '../shared/errors.ts';
import { readWhole } from '../shared/number.ts';
import { parsePathContents } from '../shared/path-contents.ts';
import { blockAttributes, parseBlockDevices } from './block-device.ts';
import { type StackPlace, walkStack } from './device-stack.ts';
import { scramblePaths, vocabulary } from './scrambling.ts';
import { parseRetryPolicies, retryPathsOf, xfsFolder } from './xfs-retry.ts';

const kernelVersion: VersionQuery = {
  of: 'kernel',
  input: { paths: [{ how: 'text', path: '/proc/sys/kernel/osrelease' }] },
  pattern: /osrelease":\s*"(?<version>[^"\\]+)/,
};

export const kernelNeeds: Needs = { tool: '/sys and /proc', version: kernelVersion };

// sysfs and procfs only: attributes that the kernel serves from memory, whatever state the storage is in.
export const kernel = defineCollector({
  name: 'kernel',
  help: 'Kernel settings: how long a full pool queues writes, the devices under each pool, and the retry policy of XFS on thin volumes.',
  needs: kernelNeeds,
  defaults: { intervalMs: 30 * secondMs, timeoutMs: 5 * secondMs },
  queries: (host) => [querySettings(), ...queryStack(host), ...queryRetries(host)],
  scrambling: { vocabulary, scramble: scramblePaths },
});

const settingPaths: Readonly<Record<KernelSettingName, string>> = {
  no_space_timeout_seconds: '/sys/module/dm_thin_pool/parameters/no_space_timeout',
  hung_task_detect_count: '/proc/sys/kernel/hung_task_detect_count',
};
const settingNames = ['no_space_timeout_seconds', 'hung_task_detect_count'] as const;

function querySettings(): Query {
  return queryPaths(
    'settings',
    settingNames.map((name) => readText(settingPaths[name])),
    (contents) => ({ kernelSettings: settingNames.flatMap((name) => readSetting(contents, name)) }),
  );
}

function readSetting(contents: ReadonlyMap<string, string>, name: KernelSettingName): KernelSetting[] {
  const text = contents.get(settingPaths[name]);
  if (text === undefined) return [];
  const value = readWhole(text);
  if (value === undefined) throw new ParseError(`${name} as a whole number`, text);
  return [{ name, value }];
}

/** One query that grows with its output: each output names the devices one level below. */
function queryStack(host: Host): Query[] {
  const tops = host.pools.filter(isActive).flatMap(({ table }) => [table.dataDevice, table.metadataDevice]);
  const reads = walkStack(tops, host.blockDevices).flatMap(readsOf);
  if (reads.length === 0) return [];
  return [queryPaths('stack', reads, (contents) => ({ blockDevices: parseBlockDevices(contents) }))];
}

function readsOf(place: StackPlace): PathRead[] {
  const folder = 'number' in place ? `/sys/dev/block/${place.number}` : `/sys/class/block/${place.name}`;
  const attributes = Object.values(blockAttributes).map(
    (attribute): PathRead => ({
      how: attribute === blockAttributes.slaves ? 'list' : 'text',
      path: `${folder}/${attribute}`,
    }),
  );
  return [{ how: 'link', path: folder }, ...attributes];
}

/** Maximum number of file systems on thin volumes to query. */
const fileSystemsMax = 1000;

/** Lists mounted XFS and then, in the next round, the retry policy of those on thin volumes: most volumes have none. */
function queryRetries(host: Host): Query[] {
  if (host.pools.every(({ volumes }) => volumes.length === 0)) return [];
  const mounted = host.pools.flatMap(({ retryPolicies }) => retryPolicies).slice(0, fileSystemsMax);
  const reads: PathRead[] = [
    { how: 'list', path: xfsFolder },
    ...mounted.flatMap(({ kernelName }) => retryPathsOf(kernelName)).map(readText),
  ];
  return [queryPaths('retries', reads, (contents) => ({ retryPolicies: parseRetryPolicies(contents) }))];
}

function readText(path: string): PathRead {
  return { how: 'text', path };
}

function queryPaths(
  key: string,
  paths: readonly PathRead[],
  parse: (contents: ReadonlyMap<string, string>) => PartialFacts,
): Query {
  return {
    key,
    variants: [{ input: { paths }, parse: (output) => parse(parsePathContents(output.stdout)) }],
  };
}
