import { type Credentials, createCredentials, type Verdict } from './credentials.ts';
import type { Rate, WebConfig } from './web-config.ts';

/** The check that every request has to pass before it is handled. */
export interface Guard {
  readonly headers: Readonly<Record<string, string>>;
  /** Too many: the rate limit is exceeded. */
  readonly authorize: (authorization: string | undefined) => Verdict | 'too-many' | Promise<Verdict>;
}

export function createGuard({ headers, users, rate }: WebConfig, now: () => number): Guard {
  const isWithin = rate === undefined ? () => true : createRateLimit(rate, now);
  const credentials: Credentials = users.size === 0 ? { check: () => 'admitted' } : createCredentials(users);
  return {
    headers,
    authorize: (authorization) => (isWithin() ? credentials.check(authorization) : 'too-many'),
  };
}

/** A token bucket: whether one more request is within the limit. */
export function createRateLimit({ intervalMs, burst }: Rate, now: () => number): () => boolean {
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
