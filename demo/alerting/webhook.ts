import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One alert as Alertmanager sends it. */
export interface ToldAlert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What comes at once: the alerts of a group. */
export interface Message {
  /** By the monotonic clock of this process, in ms (performance.now). */
  readonly at: number;
  /** The receiver, as the shipped example names it in the path: page, ticket or dead-mans-switch. */
  readonly to: string;
  readonly alerts: readonly ToldAlert[];
}

export interface Webhook {
  /** host:port */
  readonly address: string;
  readonly close: () => void;
}

/** Where the shipped example sends everything. */
export const shippedWebhookPort = 9099;

/** The end of the alert path: what is heard here has reached people. Port 0 takes one that is free. */
export async function openWebhook(
  port: number,
  hear: (message: Message) => void,
  host = '127.0.0.1',
): Promise<Webhook> {
  const server = createServer(async (request, response) => {
    const at = performance.now();
    let body = '';
    for await (const part of request) body += String(part);
    const alerts = readAlerts(body);
    if (alerts === undefined) response.statusCode = 400;
    else hear({ at, to: (request.url ?? '').slice(1), alerts });
    response.end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    address: `${host}:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Of Alertmanager's webhook message, version 4. Undefined if the request is not Alertmanager's. */
function readAlerts(body: string): Message['alerts'] | undefined {
  try {
    return (JSON.parse(body) as Pick<Message, 'alerts'>).alerts;
  } catch {
    return undefined;
  }
}

/** The alert and what distinguishes it from others of its name, in a few words. */
export function describeLabels(labels: ToldAlert['labels']): string {
  const names = ['alertname', 'severity', 'pool', 'resource', 'target', 'code'];
  return names.flatMap((name) => labels[name] ?? []).join(' ');
}
