import { type Credentials, openCredentials, type Verdict } from './credentials.ts';
import type { Rate, WebConfig } from './web-config.ts';

/** The check that every request has to pass before it is handled. */
export interface Gate {
  readonly headers: Readonly<Record<string, string>>;
  /** Too many: the rate limit is exceeded. */
  readonly admit: (authorization: string | undefined) => Verdict | 'too-many' | Promise<Verdict>;
}

export function openGate({ headers, users, rate }: WebConfig, now: () => number): Gate {
  const isWithin = rate === undefined ? () => true : openRate(rate, now);
  const credentials: Credentials = users.size === 0 ? { check: () => 'admitted' } : openCredentials(users);
  return {
    headers,
    admit: (authorization) => (isWithin() ? credentials.check(authorization) : 'too-many'),
  };
}

/** A token bucket: whether one more request is within the limit. */
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
