import type { Host } from '../model/host.ts';
import type { QuestionState } from '../model/source-state.ts';
import { suspicion } from './batching.ts';
import { reasonToBlock } from './sickness.ts';

/**
 * Why commands that can make a bad host worse (those that commit metadata or query every device) are blocked; undefined if
 * they are not. They are blocked until the harmless queries have shown that every pool answers.
 */
export function reasonToHold(host: Host): string | undefined {
  if (!host.discovered)
    return isDiscoveryPending(host) ? 'the devices of this host have not been read yet' : undefined;
  for (const pool of host.pools) {
    const reason = reasonToBlock(pool);
    if (reason !== undefined) return reason;
  }
  return suspicion(host);
}

/**
 * Devices may exist, but have not been read. Without device-mapper there is nothing that could get worse, and without the
 * right to read it nothing will ever be known: what others report is then all there is.
 */
export function isDiscoveryPending(host: Host): boolean {
  return (
    !host.discovered &&
    host.sources.some(
      ({ namesThings, status, questions }) =>
        namesThings && status !== 'absent' && status !== 'off' && !isDenied(questions),
    )
  );
}

function isDenied(questions: readonly QuestionState[]): boolean {
  return questions.length > 0 && questions.every(({ outcome }) => outcome === 'permission-denied');
}
