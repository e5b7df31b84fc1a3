import { randomUUID } from 'node:crypto';
import { openStateFile, type StateFile } from '../../src/io/state-file.ts';
import { openEndpoint } from '../../src/notify/send/endpoint.ts';
import { Notifier } from '../../src/notify/send/notifier.ts';
import { makeCollector, makeHost, makePool, makeSnapshot } from './makers.ts';

/** A notifier on a host on which one more pool fills up again and again, for test/e2e/notify-kills.test.ts to kill. */
const [state = '', url = '', began = '0', pools = '0', everyMs = '0'] = process.argv.slice(2);
const nothing = (): void => {};

/** A disk that takes its time before and after each write, so that a kill hits every moment. */
const { read, write } = openStateFile(state);
const rest = () => new Promise((resolve) => setTimeout(resolve, 120 * Math.random()));
const file: StateFile = {
  read,
  write: async (content) => {
    await rest();
    await write(content);
    await rest();
  },
};

const latest = () => {
  const now = Date.now();
  const count = Math.min(Number(pools), Math.floor((now - Number(began)) / Number(everyMs)));
  const names = Array.from({ length: Math.max(0, count) }, (_, at) => `pool-${at + 1}`);
  return makeSnapshot({
    host: makeHost({
      takenAt: now,
      pools: names.map((name) => makePool({ name, dmName: name })),
      collectors: [makeCollector()],
    }),
    findings: names.map((pool) => ({
      code: 'data-full',
      severity: 'critical',
      pool,
      resource: 'data',
      summary: `pool ${pool} is out of data space`,
      advice: 'Extend it.',
    })),
  });
};
const receiver = { name: 'hook', repeatMs: 1000, sendsResolved: true, quietHours: [] };
const notifier = new Notifier({
  latest,
  config: {
    receivers: [{ ...receiver, type: 'webhook', format: 'json', url: new URL(url), timeoutMs: 2000 }],
    routes: [{ receivers: ['hook'], severities: ['critical'] }],
  },
  host: 'db1',
  file,
  open: (endpoint) => openEndpoint(endpoint, 'db1'),
  newId: randomUUID,
  now: Date.now,
  log: { warn: nothing, info: nothing, error: nothing },
  roundMs: 20,
});
void notifier.start().then(() => process.stdout.write('started\n'));
