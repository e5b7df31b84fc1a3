import { openRate } from '../../access/rate.ts';
import { type Credentials, openCredentials, type Verdict } from './credentials.ts';
import type { WebConfig } from './web-config.ts';

/** What is asked of every request before it is looked at. */
export interface Gate {
  readonly headers: Readonly<Record<string, string>>;
  /** Too many: more requests than the rate allows. */
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
