import type { Endpoint } from '../file/endpoint.ts';
import type { Deliver } from './delivery.ts';
import { openEmail } from './email.ts';
import { openExec } from './exec.ts';
import { openWebhook } from './webhook.ts';

/** Delivers notifications to one receiver. */
export function openEndpoint(endpoint: Endpoint, host: string): Deliver {
  switch (endpoint.type) {
    case 'webhook':
      return openWebhook(endpoint, host);
    case 'email':
      return openEmail(endpoint, host);
    case 'exec':
      return openExec(endpoint, host);
  }
}
