import { createServer } from 'node:http';
import type { Lab } from './lab.ts';

/** One alert as Alertmanager told it. */
export interface Notice {
  /** By the monotonic clock of this process, in ms (performance.now). */
  readonly at: number;
  /** The receiver: page, ticket or dead-mans-switch. */
  readonly to: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Webhook {
  readonly notices: readonly Notice[];
  readonly close: () => void;
}

/** Where the shipped example sends everything. */
const port = 9099;

/** The end of the alert path: what stands here has reached people. */
export async function openWebhook(lab: Lab): Promise<Webhook> {
  const notices: Notice[] = [];
  const server = createServer(async (request, response) => {
    const at = performance.now();
    let body = '';
    for await (const part of request) body += String(part);
    const news = readNotices(body, at, (request.url ?? '').slice(1));
    notices.push(...news);
    for (const notice of news) if (notice.to !== 'dead-mans-switch') lab.say(describe(notice));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { notices, close: () => server.close() };
}

/** Alertmanager's webhook message, version 4. */
function readNotices(body: string, at: number, to: string): Notice[] {
  const { alerts } = JSON.parse(body) as { alerts: readonly Pick<Notice, 'status' | 'labels'>[] };
  return alerts.map(({ status, labels }) => ({ at, to, status, labels }));
}

function describe({ to, status, labels }: Notice): string {
  const about = ['severity', 'pool', 'resource', 'target', 'code'].map((name) => labels[name] ?? '');
  return `${to}: ${status} ${labels['alertname']} ${about.filter((word) => word !== '').join(' ')}`;
}
