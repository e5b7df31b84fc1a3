import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One alert as Alertmanager told it. */
export interface Page {
  /** By the monotonic clock of this process, in ms (performance.now). */
  readonly at: number;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Webhook {
  readonly url: string;
  readonly pages: readonly Page[];
  readonly close: () => void;
}

/** The end of the alert path: what stands here has reached people. */
export async function openWebhook(): Promise<Webhook> {
  const pages: Page[] = [];
  const server = createServer(async (request, response) => {
    const at = performance.now();
    let body = '';
    for await (const part of request) body += String(part);
    pages.push(...readPages(body, at));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, pages, close: () => server.close() };
}

/** Alertmanager's webhook message, version 4. */
function readPages(body: string, at: number): Page[] {
  const { alerts } = JSON.parse(body) as { alerts: readonly Omit<Page, 'at'>[] };
  return alerts.map(({ status, labels }) => ({ at, status, labels }));
}
