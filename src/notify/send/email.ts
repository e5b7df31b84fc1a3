import type { EmailEndpoint } from '../file/endpoint.ts';
import type { Deliver } from './delivery.ts';
import { composeMail } from './mail.ts';
import { openSmtp } from './smtp.ts';

/** Mails notifications to one address. */
export function openEmail(endpoint: EmailEndpoint, host: string): Deliver {
  const { from, to } = endpoint;
  const send = openSmtp(endpoint, host);
  return async (notification) => send(await composeMail(notification, { from, to, host }));
}
