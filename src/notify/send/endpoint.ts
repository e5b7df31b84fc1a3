import { late, within } from '../../io/within.ts';
import { secondMs } from '../../model/units.ts';
import type { Endpoint } from '../file/endpoint.ts';
import type { Deliver } from './delivery.ts';
import { openEmail } from './email.ts';
import { openExec } from './exec.ts';
import { openWebhook } from './webhook.ts';

/** Each kind of receiver has its own timeout. This one is for its defects: one that never ends would silence the receiver. */
const graceMs = 5 * secondMs;

/** Delivers notifications to one receiver. */
export function openEndpoint(endpoint: Endpoint, host: string): Deliver {
  const deliver = openKind(endpoint, host);
  return async (notification) => {
    const result = await within(deliver(notification), endpoint.timeoutMs + graceMs);
    return result === late ? { outcome: 'timed-out', why: 'the attempt did not end' } : result;
  };
}

function openKind(endpoint: Endpoint, host: string): Deliver {
  switch (endpoint.type) {
    case 'webhook':
      return openWebhook(endpoint, host);
    case 'email':
      return openEmail(endpoint, host);
    case 'exec':
      return openExec(endpoint, host);
  }
}
