import { formatBytes, formatShare } from '../../format/bytes.ts';
import { alignColumns } from '../../format/columns.ts';
import { describeExcluded } from '../../format/describe-excluded.ts';
import {
  describeState,
  describeTrouble,
  whereToSeePools,
  whyNoDeviceMapper,
} from '../../format/describe-state.ts';
import { plain } from '../../format/printable.ts';
import { wrap } from '../../format/wrap.ts';
import type { CollectorState } from '../../model/collector-state.ts';
import { type Finding, type MutedFinding, severities } from '../../model/finding.ts';
import type { Host } from '../../model/host.ts';
import { arePoolsKnown } from '../../model/known-pools.ts';
import { isActive, type Pool, type Resource } from '../../model/pool.ts';
import { describeMuted, describeOverride } from '../../rules/finding-options.ts';
import { defaultLimits, type Limits } from '../../rules/limits.ts';
import { rankPools } from '../../rules/ranking.ts';
import { sizeOfPool } from '../../thinpool/reported-space.ts';
import { renderVolumes } from './render-volumes.ts';
import type { CheckedHost } from './sample-growth.ts';
import { poolsShortOfData } from './sample-growth.ts';
import { judge, type Verdict } from './verdict.ts';

const width = 100;

/** Text for people and monitoring plugins: status line with performance data, then pools, findings and collectors. */
export function renderCheck(
  { host, findings, trends, growth, muted = [] }: CheckedHost,
  limits: Limits = defaultLimits,
): string {
  const pools = rankPools(host.pools, { findings, pending: [], trends }).map(({ pool }) => pool);
  const sections = [
    renderStatusLine(host, findings, limits),
    ...describeNothing(host, findings),
    ...(pools.length > 0 ? [renderPools(pools)] : []),
    ...(findings.length > 0 ? [findings.map(renderFinding).join('\n')] : []),
    ...(muted.length > 0 ? [muted.map(renderMuted).join('\n')] : []),
    ...renderVolumes(poolsShortOfData(pools, findings), growth, host),
    ...renderCollectors(host),
    ...[describeExcluded(host.excludedPools)].flatMap((text) => (text === undefined ? [] : [`${text}.`])),
  ];
  // Monitoring systems treat text after a bar on any line as performance data, and names may contain one.
  const [first, ...rest] = sections;
  return `${[first, ...rest.map((section) => section.replaceAll('|', '/'))].join('\n\n')}\n`;
}

function describeNothing(host: Host, findings: readonly Finding[]): string[] {
  if (host.pools.length > 0 || findings.length > 0) return [];
  if (host.discovered)
    return host.excludedPools
      ? []
      : [
          'Device-mapper reports no thin pools. `thinpool-exporter demo` simulates a host with pools that fill up.',
        ];
  return whyNoDeviceMapper(host) === undefined ? [] : [wrap(whereToSeePools, '', width)];
}

function renderStatusLine(host: Host, findings: readonly Finding[], limits: Limits): string {
  const verdict = judge({ host, findings });
  const summary = plain(headline(host, findings, verdict)).replaceAll('|', '/');
  const data = arePoolsKnown(host)
    ? host.pools.flatMap((pool) => performanceData(pool, limits)).join(' ')
    : '';
  return `THINPOOL ${verdict.status.toUpperCase()} - ${summary}${data === '' ? '' : ` | ${data}`}`;
}

function headline(host: Host, findings: readonly Finding[], { status, reason }: Verdict): string {
  if (status === 'unknown')
    return whyNoDeviceMapper(host) === undefined ? `no pool data available: ${reason}` : String(reason);
  const [worst, ...others] = findings.filter(({ severity }) => severity !== 'info');
  if (worst !== undefined)
    return `${worst.summary}${others.length === 0 ? '' : `, and ${others.length} more`}`;
  if (host.pools.length === 0)
    return host.excludedPools ? 'no pool of this host is watched' : 'no thin pools on this host';
  const notes = findings.length === 0 ? '' : `, ${count(findings.length, 'note')}`;
  const collector = host.discovered ? '' : ', known without device-mapper';
  return `${count(host.pools.length, 'pool')}${collector}${notes}`;
}

function count(amount: number, thing: string): string {
  return `${amount} ${thing}${amount === 1 ? '' : 's'}`;
}

/** `'label'=value[unit];warn;crit;min;max`. A label must not contain "=", and its quotes are doubled. */
function performanceData({ name, data, metadata }: Pool, { warningRatio, criticalRatio }: Limits): string[] {
  return Object.entries({ data, metadata }).flatMap(([resource, space]) => {
    if (space === undefined) return [];
    const label = plain(`${name} ${resource}`).replaceAll("'", "''").replaceAll(/[=|]/g, '_');
    return [
      `'${label}'=${((space.usedBytes / space.sizeBytes) * 100).toFixed(2)}%;${asPercent(warningRatio)};${asPercent(criticalRatio)};0;100`,
    ];
  });
}

function asPercent(ratio: number | undefined): string {
  return ratio === undefined ? '' : String(Math.round(ratio * 10_000) / 100);
}

function renderPools(pools: readonly Pool[]): string {
  const rows = pools.map((pool) => [
    plain(pool.name),
    describeState(pool),
    describeSpace(pool, 'data'),
    describeSpace(pool, 'metadata'),
    describeMinimumFree(pool),
    pool.volumeGroup === undefined ? '-' : formatBytes(pool.volumeGroup.freeBytes),
  ]);
  return alignColumns([['POOL', 'STATE', 'DATA', 'METADATA', 'MIN FREE', 'VG FREE'], ...rows]).join('\n');
}

function describeSpace(pool: Pool, resource: Resource): string {
  const space = pool[resource];
  const size = isActive(pool) ? undefined : sizeOfPool(pool, resource);
  return space === undefined
    ? `unknown${size === undefined ? '' : ` of ${formatBytes(size)}`}`
    : `${space.origin === 'kernel' ? '' : '~'}${formatShare(space.usedBytes, space.sizeBytes)} of ${formatBytes(space.sizeBytes)}`;
}

/** The highest minimum free of the data space: the one that is reached first. */
function describeMinimumFree({ minimumFrees }: Pool): string {
  const bytes = minimumFrees
    .filter(({ resource }) => resource === 'data')
    .map((minimumFree) => minimumFree.bytes);
  return bytes.length === 0 ? '-' : formatBytes(Math.max(...bytes));
}

/** Of the first column. */
const room = Math.max(...severities.map((word) => word.length));

function renderFinding(finding: Finding): string {
  const { severity, code, summary, advice, runbook } = finding;
  const override = describeOverride(finding);
  const told = override === undefined ? summary : `${summary} (${override})`;
  const head = `${severity.toUpperCase().padEnd(room)}  ${code}: ${plain(told)}`;
  const indent = ' '.repeat(room + 2);
  const link = runbook === undefined ? '' : `\n${indent}Runbook: ${plain(runbook)}`;
  return `${head}\n${wrap(plain(advice), indent, width)}${link}`;
}

function renderMuted(finding: MutedFinding): string {
  const { code, summary } = finding;
  return plain(`${'MUTED'.padEnd(room)}  ${code}: ${summary} (${describeMuted(finding)})`);
}

function renderCollectors({ collectors, takenAt }: Host): string[] {
  const unread = collectors.filter(({ status }) => status !== 'ok' && status !== 'off');
  if (unread.length === 0) return [];
  const rows = unread.map((collector) => [
    collector.name,
    collector.status,
    plain(describeWhy(collector, takenAt)),
  ]);
  return [`Collectors not read:\n${alignColumns(rows.map((row) => ['', ...row])).join('\n')}`];
}

function describeWhy(collector: CollectorState, now: number): string {
  return describeTrouble(collector, now) ?? '';
}
