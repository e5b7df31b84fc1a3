import { noDeviceMapper, whyNoDeviceMapper } from '../../format/describe-state.ts';
import type { Host, Snapshot } from '../../model/host.ts';
import { arePoolsKnown } from '../../model/known-pools.ts';

/** Status words of monitoring plugins, in the order of their exit codes (Monitoring Plugins Development Guidelines). */
export const verdictWords = ['ok', 'warning', 'critical', 'unknown'] as const;
export type VerdictWord = (typeof verdictWords)[number];

export interface Verdict {
  readonly status: VerdictWord;
  readonly exitCode: number;
  /** Why there is no pool data. */
  readonly reason?: string;
}

/** The status of a host. Findings of severity info are ok; if neither device-mapper nor LVM or Docker report pools, the status is unknown. */
export function judge({ host, findings }: Pick<Snapshot, 'host' | 'findings'>): Verdict {
  if (!arePoolsKnown(host)) return { ...verdict('unknown'), reason: reasonOfBlindness(host) };
  const worst = (['critical', 'warning'] as const).find((severity) =>
    findings.some((finding) => finding.severity === severity),
  );
  return verdict(worst ?? 'ok');
}

function verdict(status: VerdictWord): Verdict {
  return { status, exitCode: verdictWords.indexOf(status) };
}

/** Why no pool is known. */
export function reasonOfBlindness(host: Host): string {
  const absent = whyNoDeviceMapper(host);
  if (absent !== undefined) return `${noDeviceMapper}: ${absent}`;
  const { collectors } = host;
  const discovering = collectors.filter(({ discovers }) => discovers);
  const off = discovering.find(({ status }) => status === 'off');
  if (off !== undefined) return `collector ${off.name} is off`;
  const failed = discovering.flatMap(({ queries }) => queries).find(({ failure }) => failure !== undefined);
  return failed?.failure ?? 'device-mapper devices have not been read';
}
