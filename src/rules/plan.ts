import { formatBytes } from '../format/bytes.ts';
import { formatAge } from '../format/duration.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Plan, PlanItem } from '../model/plan.ts';
import type { ExtensionStep, Pool } from '../model/pool.ts';
import { daySeconds, secondMs } from '../model/units.ts';
import { planAutoextend } from '../thinpool/autoextend.ts';
import { chainOf, type ExtensionChain } from '../thinpool/extension-chain.ts';
import { blockBytesOf, metadataBytesPerBlock } from '../thinpool/metadata-need.ts';
import { metadataBlocksWhenFull } from '../thinpool/metadata-projection.ts';
import { minimumFreeOf } from '../thinpool/minimum-free.ts';
import { allocatableBytes, obstacleOf } from '../thinpool/vg-room.ts';
import { extendBy, lvOf, mayExtendBy, vgOf } from './commands.ts';
import { reasons } from './lvm.ts';
import { adviceAtMetadataLimit } from './metadata-limit.ts';

const MiB = 1024 ** 2;

/** What LVM keeps free of metadata: below it, it creates no volumes (lvm2 lib/metadata/thin_manip.c). */
const metadataReserveBytes = 4 * MiB;

/** As most distributions and guides have it. */
const usualThreshold = 80;
const usualStep = 20;

/** What a pool needs so that it does not run out. `growthBytesPerDay`: of its data, as far as it is known. */
export function planFor(pool: Pool, growthBytesPerDay: number | undefined): Plan {
  const policy = policyFor(pool);
  return {
    pool: pool.name,
    items: [
      planPolicy(pool, policy),
      planMetadata(pool, policy),
      ...planSpare(pool),
      planDisk(pool, policy, growthBytesPerDay),
    ],
  };
}

/** A policy that can work with the VG, and the extensions that it leads to. */
interface Policy {
  readonly thresholdPercent: number;
  readonly stepPercent: number;
  readonly chain: ExtensionChain;
}

/** The present one if it works, else the largest step that the VG has room for. Undefined if LVM extends no pool of this kind, or figures are missing. */
function policyFor(pool: Pool): Policy | undefined {
  const { autoextend, owner, volumeGroup, lvmLastKnown } = pool;
  if (owner !== 'lvm' || autoextend === undefined || volumeGroup === undefined || lvmLastKnown)
    return undefined;
  const thresholdPercent = autoextend.thresholdPercent < 100 ? autoextend.thresholdPercent : usualThreshold;
  const most =
    autoextend.thresholdPercent < 100 && autoextend.stepPercent > 0 ? autoextend.stepPercent : usualStep;
  let last: Policy | undefined;
  for (let stepPercent = most; stepPercent >= 1; stepPercent -= stepPercent > 20 ? 5 : 1) {
    last = { thresholdPercent, stepPercent, chain: chainWith(pool, thresholdPercent, stepPercent) };
    if (last.chain.sizes.some(({ data }) => data > (pool.data?.sizeBytes ?? 0))) return last;
  }
  return last;
}

/** As if dmeventd monitored the pool. */
function chainWith(pool: Pool, thresholdPercent: number, stepPercent: number): ExtensionChain {
  const blockBytes = blockBytesOf(pool);
  if (blockBytes === undefined || pool.lvm === undefined) return { sizes: [], end: 'policy' };
  const planned: Pool = {
    ...pool,
    lvm: { ...pool.lvm, monitored: true },
    autoextend: { thresholdPercent, stepPercent, enabled: true, steps: [] },
  };
  return chainOf(planned, [], metadataBytesPerBlock(pool) / blockBytes);
}

function planPolicy(pool: Pool, policy: Policy | undefined): PlanItem {
  const item = itemOf('autoextend');
  const { autoextend, volumeGroup, owner } = pool;
  if (owner !== 'lvm') return item('ok', 'LVM does not manage the pool, so it does not extend it.');
  if (policy === undefined || autoextend === undefined || volumeGroup === undefined)
    return item('unknown', "LVM's autoextend settings, or the free space of its VG, could not be read.");
  const { thresholdPercent, stepPercent, chain } = policy;
  const extensions = chain.sizes.length;
  const obstacle = obstacleOf(volumeGroup);
  if (obstacle !== undefined) {
    const { message, advice } = reasons[obstacle];
    return item('change', `No extension can succeed: ${message(volumeGroup)}. ${advice(vgOf(pool))}`);
  }
  const free = formatBytes(allocatableBytes(volumeGroup) ?? volumeGroup.freeBytes);
  const now = `${autoextend.thresholdPercent}/${autoextend.stepPercent}`;
  const figures = { thresholdPercent, stepPercent, extensions };
  if (chain.end === 'layout')
    return item('unknown', 'The layout of the pool is not known, and with it what an extension takes.');
  if (!growsData(pool, chain)) {
    const lacking = usualStepOf(pool, thresholdPercent);
    const needed =
      lacking === undefined
        ? ''
        : `; ${usualStep}% of the pool needs ${formatBytes(lacking.neededBytes ?? 0)}`;
    return item(
      'change',
      `No step fits, not even 1% of the pool: VG ${vgOf(pool)} has ${free} free${needed}. Add a disk${lacking?.shortfallBytes === undefined ? '' : ` of at least ${formatBytes(lacking.shortfallBytes)}`}.`,
      [`vgextend ${vgOf(pool)} DEVICE`],
      omitUndefined({ ...figures, shortfallBytes: lacking?.shortfallBytes }),
    );
  }
  const count = extensions === 1 ? 'one extension' : `${extensions} extensions`;
  const room = `VG ${vgOf(pool)} has ${free} free, enough for ${count}, up to ${formatBytes(chain.sizes.at(-1)?.data ?? 0)} of data`;
  if (autoextend.enabled && autoextend.stepPercent === stepPercent && pool.lvm?.monitored !== false)
    return item('ok', `The present policy (${now}, threshold/percent) works: ${room}.`, [], figures);
  return item(
    'change',
    `${autoextend.enabled ? `The present policy (${now}, threshold/percent) ${pool.lvm?.monitored === false ? 'is not carried out: dmeventd does not monitor the pool' : 'does not fit'}` : 'Autoextend is off'}. ${thresholdPercent}/${stepPercent} works: ${room}.`,
    policyCommands(pool, policy),
    figures,
  );
}

function growsData(pool: Pool, { sizes }: ExtensionChain): boolean {
  return sizes.some(({ data }) => data > (pool.data?.sizeBytes ?? 0));
}

function usualStepOf(pool: Pool, thresholdPercent: number): ExtensionStep | undefined {
  const { autoextend: _, ...rest } = pool;
  const { steps } = planAutoextend(rest, { thresholdPercent, stepPercent: usualStep, monitoring: true });
  return steps.find(({ resource }) => resource === 'data');
}

/** A profile of its own: lvm.conf is for every pool of the host, and belongs to the package. */
function policyCommands(pool: Pool, { thresholdPercent, stepPercent }: Policy): readonly string[] {
  const profile = `thin-${vgOf(pool)}-${pool.lvName ?? 'pool'}`;
  const text = `activation {\\n\\tthin_pool_autoextend_threshold=${thresholdPercent}\\n\\tthin_pool_autoextend_percent=${stepPercent}\\n}\\n`;
  return [
    `printf '${text}' > /etc/lvm/profile/${profile}.profile`,
    `lvchange --metadataprofile ${profile} ${lvOf(pool)}`,
    `lvchange --monitor y ${lvOf(pool)}`,
  ];
}

function planMetadata(pool: Pool, policy: Policy | undefined): PlanItem {
  const item = itemOf('metadata');
  const { metadata, data, counters } = pool;
  const blockBytes = blockBytesOf(pool);
  if (metadata === undefined || data === undefined || blockBytes === undefined)
    return item('unknown', 'How much metadata the pool has and uses could not be read.');
  const atLimit = adviceAtMetadataLimit(pool);
  const perBlock = metadataBytesPerBlock(pool);
  const projected = counters && metadataBlocksWhenFull(counters);
  const basis =
    projected === undefined
      ? "by LVM's estimate of 64 bytes for each block"
      : 'at the present ratio of metadata to data';
  const largest = Math.max(data.sizeBytes, ...(policy?.chain.sizes.map((sizes) => sizes.data) ?? []));
  const wanted = (bytes: number): number =>
    Math.ceil(metadata.usedBytes + ((bytes - data.usedBytes) / blockBytes) * perBlock);
  const [full, extended] = [wanted(data.sizeBytes), wanted(largest)];
  const figures = { sizeBytes: metadata.sizeBytes, wantedBytes: full };
  const needs = `It has ${formatBytes(metadata.sizeBytes)} and needs ${formatBytes(full)} when its data is full (${basis})`;
  const later =
    largest > data.sizeBytes
      ? `, ${formatBytes(extended)} after every extension that the VG has room for`
      : '';
  const missing = full + (pool.owner === 'lvm' ? metadataReserveBytes : 0) - metadata.sizeBytes;
  if (missing <= 0) return item('ok', `${needs}${later}.`, [], figures);
  if (atLimit !== undefined) return item('change', `${needs}, and cannot grow. ${atLimit}`, [], figures);
  const command = extendBy(pool, 'metadata', missing) ?? mayExtendBy(pool, 'metadata', missing);
  const fits = extendBy(pool, 'metadata', missing) !== undefined;
  const rest =
    fits || pool.volumeGroup === undefined
      ? ''
      : ` VG ${vgOf(pool)} does not have that much free: add a disk first.`;
  return item(
    'change',
    `${needs}${later}. Extend it by ${formatBytes(missing)}${pool.owner === 'lvm' ? ', with the 4 MiB that LVM wants free' : ''}.${rest}`,
    command === undefined ? [] : [command.replaceAll('`', '')],
    figures,
  );
}

/** Only where it is known whether there is one. */
function planSpare(pool: Pool): readonly PlanItem[] {
  const { spare, volumeGroup } = pool;
  const item = itemOf('spare');
  const size = pool.lvm?.metadataSizeBytes;
  if (spare === undefined || size === undefined || volumeGroup === undefined) return [];
  const wantedBytes = Math.max(size, spare.largestOtherBytes);
  const figures = { sizeBytes: spare.sizeBytes, wantedBytes };
  if (spare.sizeBytes >= wantedBytes)
    return [
      item(
        'ok',
        `The spare for repairs has ${formatBytes(spare.sizeBytes)}, as much as the largest metadata of the VG.`,
        [],
        figures,
      ),
    ];
  const missing = wantedBytes - spare.sizeBytes;
  const free = allocatableBytes(volumeGroup) ?? volumeGroup.freeBytes;
  const has =
    spare.sizeBytes === 0
      ? 'There is no spare for repairs'
      : `The spare for repairs has ${formatBytes(spare.sizeBytes)}`;
  const message = `${has}, and a repair needs ${formatBytes(wantedBytes)}`;
  if (free >= missing)
    return [
      item(
        'ok',
        `${message}. LVM can allocate it when it repairs: keep ${formatBytes(missing)} free in VG ${vgOf(pool)}.`,
        [],
        figures,
      ),
    ];
  return [
    item(
      'change',
      `${message}. VG ${vgOf(pool)} is ${formatBytes(missing - free)} short: add a disk.`,
      [`vgextend ${vgOf(pool)} DEVICE`],
      {
        ...figures,
        shortfallBytes: missing - free,
      },
    ),
  ];
}

function planDisk(pool: Pool, policy: Policy | undefined, perDay: number | undefined): PlanItem {
  const item = itemOf('next_disk');
  const { data, autoextend } = pool;
  if (data === undefined) return item('unknown', 'How much of the pool is used could not be read.');
  if (perDay === undefined)
    return item(
      'unknown',
      'The growth of the pool is not known: pass --growth=SIZE, what it grows by in a day (in Prometheus: deriv(thinpool_data_used_bytes[7d]) * 86400), or --sample=1m to measure it now.',
    );
  const isExtended = autoextend?.enabled === true && policy !== undefined;
  const last = isExtended ? policy.chain.sizes.at(-1)?.data : undefined;
  const size = last ?? data.sizeBytes;
  const minimum = (minimumFreeOf(pool, 'data')?.bytes ?? 0) * (size / data.sizeBytes);
  const left = Math.max(0, size - data.usedBytes - minimum - (data.freeBytes - data.availableBytes));
  const growth = `${formatBytes(Math.round(perDay))} per day`;
  const figures = { growthBytesPerDay: perDay };
  if (perDay <= 0) return item('ok', 'The pool is not filling up.', [], figures);
  const secondsLeft = (left / perDay) * daySeconds;
  const until = minimum > 0 ? 'is at its minimum free' : 'is full';
  const after = last === undefined ? '' : `, after every extension that VG ${vgOf(pool)} has room for`;
  const days = formatAge(secondsLeft * secondMs);
  return item(
    secondsLeft < planAheadSeconds ? 'change' : 'ok',
    `At ${growth} the pool ${until} in ${days}${after} (${formatBytes(Math.round(left))} left). The next disk is due before that.`,
    pool.owner === 'lvm' ? [`vgextend ${vgOf(pool)} DEVICE`, `lvextend -L +SIZE ${lvOf(pool)}`] : [],
    { ...figures, secondsLeft },
  );
}

/** Time to buy and fit a disk. */
const planAheadSeconds = 30 * daySeconds;

function itemOf(topic: PlanItem['topic']) {
  return (
    state: PlanItem['state'],
    message: string,
    commands: readonly string[] = [],
    figures: PlanItem['figures'] = {},
  ): PlanItem => ({ topic, state, message, commands, figures });
}
