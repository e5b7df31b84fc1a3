import { onTestFinished } from 'vitest';
import { defaultLimits } from '../../../src/rules/limits.ts';
import { unguarded } from '../../../src/web/access/access.ts';
import { createApp } from '../../../src/web/app.ts';
import type { Deps } from '../../../src/web/deps.ts';
import { type Limits, startServer } from '../../../src/web/server/server.ts';
import { makeSnapshot } from '../../support/makers.ts';

export const page = `# HELP thinpool_up Up.\n${'thinpool_up 1\n'.repeat(200)}`;

export interface Logged {
  readonly fields: object;
  readonly message: string;
}

/** The real app behind a real socket, with the given parts instead of a healthy empty host. */
export async function serve(parts: Partial<Deps> = {}, limits: Partial<Limits> = {}) {
  const logged: Logged[] = [];
  const deps: Deps = {
    version: '1.2.3',
    hostName: 'node1',
    telemetryPath: '/metrics',
    showRaw: false,
    limits: () => defaultLimits,
    now: () => 1_000_000,
    guard: unguarded(Date.now).guard,
    log: { error: (fields, message) => logged.push({ fields, message }) },
    latest: () => makeSnapshot(),
    readiness: () => [],
    metrics: { render: async (format) => Buffer.from(format === 'text' ? page : `${page}# EOF\n`) },
    runbooks: () => ({}),
    collector: async () => undefined,
    ...parts,
  };
  const addresses = [{ host: '127.0.0.1', port: 0 }];
  const listening = await startServer({ app: createApp(deps), addresses, log: deps.log, limits });
  onTestFinished(listening.close);
  const port = Number(listening.addresses[0]?.split(':').at(-1));
  const get = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init);
  return { get, port, logged, listening };
}
