import type { Finding } from '../model/finding.ts';
import type { Pool } from '../model/host.ts';

/** The pools of which somebody asks who fills them: those that have a finding about data that is more than a note. */
export function poolsShortOfData(pools: readonly Pool[], findings: readonly Finding[]): readonly Pool[] {
  const short = new Set(
    findings
      .filter(({ resource, severity }) => resource === 'data' && severity !== 'info')
      .map(({ pool }) => pool),
  );
  return pools.filter(({ name }) => short.has(name));
}
