import type { Rate } from '../web/access/web-config.ts';

/** A token bucket: whether one more request is within the rate. */
export function openRate({ intervalMs, burst }: Rate, now: () => number): () => boolean {
  let tokens = burst;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + Math.max(0, at - filledAt) / intervalMs);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
