import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { suggest } from '../config/suggest.ts';
import { alignColumns } from '../format/columns.ts';
import { formatDuration } from '../format/duration.ts';
import { type Endpoint, kindOf } from '../notify/file/endpoint.ts';
import { loadNotifyConfig } from '../notify/file/load.ts';
import { openEndpoint } from '../notify/send/endpoint.ts';
import { testNotification } from '../notify/test-notification.ts';
import { findingCodes } from '../rules/evaluate.ts';
import type { Context, Run } from './context.ts';

/** Sends a test to the receivers of the file, past routes, quiet hours and the queue. */
export const notify: Run = async (context) => {
  const { config, operands, print, printError } = context;
  const [name] = operands;
  const path = config.notifyConfigFile;
  if (path === undefined) {
    printError('there are no receivers: --notify.config.file is not set\n');
    return 2;
  }
  const loaded = await loadNotifyConfig(path, findingCodes);
  for (const problem of loaded.problems) printError(`${problem}\n`);
  if (loaded.config === undefined) return 2;
  const { receivers } = loaded.config;
  const chosen = receivers.filter((one) => name === undefined || one.name === name);
  if (chosen.length === 0 && name !== undefined) {
    const names = receivers.map((one) => one.name);
    printError(`${name}: there is no such receiver in ${path}${suggest(name, names)}\n`);
    return 2;
  }
  const results = await Promise.all(chosen.map((endpoint) => send(endpoint, context)));
  print(`${alignColumns(results.map(({ cells }) => cells)).join('\n')}\n`);
  return results.every(({ isAccepted }) => isAccepted) ? 0 : 1;
};

async function send(endpoint: Endpoint, { config, now }: Context) {
  const host = config.hostName ?? hostname();
  const { name } = endpoint;
  const startedAt = performance.now();
  const { outcome, why = outcome } = await openEndpoint(
    endpoint,
    host,
  )(testNotification(name, host, randomUUID(), now()));
  const isAccepted = outcome === 'ok';
  const time = formatDuration(Math.round(performance.now() - startedAt));
  return {
    isAccepted,
    cells: [name, kindOf(endpoint), isAccepted ? `accepted in ${time}` : `failed: ${why}`],
  };
}
