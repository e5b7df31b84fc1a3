import { defaultLimits } from '../../src/rules/limits.ts';
import { unguarded } from '../../src/web/access/access.ts';
import { createApp } from '../../src/web/app.ts';
import { startServer } from '../../src/web/server/server.ts';
import type { PageCase } from './status-page-cases.ts';

export interface Served {
  readonly url: string;
  /** What it shows from now on. */
  show: (next: PageCase) => void;
  close: () => Promise<void>;
}

/** The real app, showing a case. */
export async function servePage(first: PageCase, port = 0): Promise<Served> {
  let shown = first;
  const app = createApp({
    version: '1.2.3',
    hostName: 'node1',
    telemetryPath: '/metrics',
    showRaw: false,
    limits: () => defaultLimits,
    now: () => shown.now(),
    log: console,
    guard: unguarded(Date.now).guard,
    latest: () => shown.latest(),
    readiness: () => shown.readiness(),
    metrics: { render: async () => Buffer.alloc(0) },
    runbooks: () => ({}),
    collector: async () => undefined,
  });
  const server = await startServer({ app, addresses: [{ host: '127.0.0.1', port }], log: console });
  return {
    url: `http://${server.addresses[0]}/`,
    show: (next) => {
      shown = next;
    },
    close: server.close,
  };
}
