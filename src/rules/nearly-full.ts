import { formatBytes, formatShare } from '../format/bytes.ts';
import type { Severity } from '../model/finding.ts';
import { type Pool, type Resource, resources, type Space } from '../model/pool.ts';
import { minuteMs } from '../model/units.ts';
import { bytesLeft } from '../thinpool/space-left.ts';
import { willBeExtended } from '../thinpool/will-be-extended.ts';
import { extendCommand, isExtendedByLvm } from './commands.ts';
import type { Limits } from './limits.ts';
import { adviceAtMetadataLimit } from './metadata-limit.ts';
import { describeUnneeded } from './owners.ts';
import { type Context, type PoolHit, poolRule, type Rule } from './rule.ts';
import { thresholds } from './thresholds.ts';

/** Less than this share, and less than these bytes or blocks: any ordinary write may use it up before a person can act. */
const almostNothing: Readonly<Record<Resource, { readonly share: number; readonly bytes: number }>> = {
  data: { share: thresholds.criticalDataLeft.value, bytes: 1024 ** 3 },
  // As much as LVM wants free before it creates a volume (lvm2 thin_manip.c).
  metadata: { share: thresholds.criticalMetadataLeft.value, bytes: 4 * 1024 ** 2 },
};
const fewBlocks = 16;

export const nearlyFullRules: readonly Rule[] = [
  poolRule({
    code: 'nearly-full',
    severity: 'warning',
    escalates: true,
    about: 'state',
    alert: 'ThinPoolNearlyFull',
    meaning:
      'For half an hour, less than 15% of data or metadata has been free, or less than 5% above the minimum free space (warning); or next to nothing is left (critical, at once): less than 2% and 1 GiB of data, or less than 5% and 4 MiB of metadata. Not while LVM is about to extend the pool. The limits can be set: `--nearly-full.warning`, `--nearly-full.critical`.',
    advice: (pool, resource) =>
      (resource === 'metadata' ? adviceAtMetadataLimit(pool) : undefined) ??
      `${isExtendedByLvm(pool) ? 'Extend the pool' : 'Make room'}: ${extendCommand(pool, resource ?? 'data')}; or delete ${describeUnneeded(pool, 'what is not needed: snapshots and volumes first')}, then files (and run \`fstrim\`, so that the pool gets their blocks back).`,
    afterMs: 30 * minuteMs,
    judge: (pool, _host, context) =>
      resources.flatMap((resource) => {
        const space = pool[resource];
        return space === undefined || space.freeBytes <= 0 || willBeExtended(pool, resource)
          ? []
          : judgeSpace(pool, resource, space, context);
      }),
  }),
];

function judgeSpace(pool: Pool, resource: Resource, space: Space, { limits, before }: Context): PoolHit[] {
  const held = before({ pool: pool.name, resource, target: 'full' });
  const left = `has ${formatBytes(space.freeBytes)} of ${resource} left (${formatShare(space.usedBytes, space.sizeBytes)} used)`;
  const severity = severityOf(resource, space, limits, held);
  const toFull: PoolHit[] = severity === undefined ? [] : [hitOf(resource, severity, left)];
  // The pool that is nearly full is no news twice.
  return toFull.length > 0 ? toFull : nearMinimumFree(pool, resource, space, before);
}

function hitOf(resource: Resource, severity: Severity, message: string): PoolHit {
  return {
    resource,
    target: 'full',
    severity,
    message,
    ...(severity === 'critical' && { afterMs: 0 }),
  };
}

/** `held`: its severity so far. It ends at a better value than the one at which it began. */
function severityOf(
  resource: Resource,
  space: Space,
  limits: Limits,
  held: Severity | undefined,
): Severity | undefined {
  const slack = thresholds.nearlyFullHold.value;
  const leftShare = space.freeBytes / space.sizeBytes;
  if (isCritical(resource, space, limits, held === 'critical' ? slack : 0)) return 'critical';
  const warning = 1 - limits.warningRatio + (held === undefined ? 0 : slack);
  return leftShare < warning ? 'warning' : undefined;
}

function isCritical(resource: Resource, space: Space, { criticalRatio }: Limits, slack: number): boolean {
  const leftShare = space.freeBytes / space.sizeBytes;
  return criticalRatio === undefined
    ? isAlmostNothing(resource, space, space.freeBytes, slack)
    : leftShare < 1 - criticalRatio + slack;
}

/** So little that it may be gone before a person can act. `slack` is added to the share. */
export function isAlmostNothing(resource: Resource, space: Space, leftBytes: number, slack = 0): boolean {
  const most = mostBytes(resource, space) * (slack > 0 ? 2 : 1);
  return leftBytes / space.sizeBytes < almostNothing[resource].share + slack && leftBytes < most;
}

/** The shares used above which a pool is nearly full, without what holds a finding that was reported. */
export function nearlyFullShares(
  resource: Resource,
  space: Space,
  { warningRatio, criticalRatio }: Limits,
): Readonly<Record<'warning' | 'critical', number>> {
  const most = mostBytes(resource, space) / space.sizeBytes;
  return {
    warning: warningRatio,
    critical: criticalRatio ?? 1 - Math.min(almostNothing[resource].share, most),
  };
}

function mostBytes(resource: Resource, { blockBytes = 0 }: Space): number {
  return Math.max(almostNothing[resource].bytes, fewBlocks * blockBytes);
}

/** Below the minimum itself there is a finding of its own. */
function nearMinimumFree(
  pool: Pool,
  resource: Resource,
  { sizeBytes }: Space,
  before: Context['before'],
): PoolHit[] {
  const target = 'minimum_free';
  const left = bytesLeft(pool, resource, target);
  if (left === undefined || left <= 0) return [];
  const held = before({ pool: pool.name, resource, target }) !== undefined;
  const limit = thresholds.nearMinimumFreeLeft.value + (held ? thresholds.minimumFreeHold.value : 0);
  if (left / sizeBytes >= limit) return [];
  return [
    { resource, target, message: `has ${formatBytes(left)} of ${resource} left above its minimum free` },
  ];
}
