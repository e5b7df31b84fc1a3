import { expect, it } from 'vitest';
import type { Ledger } from '../../../src/notify/ledger.ts';
import { readRecord, writeRecord } from '../../../src/notify/record.ts';
import { content, makeNotification } from './support.ts';

const alert = { content, since: 1, keepMs: 2, seenBy: ['lvm'], sent: { phone: { count: 1, at: 3 } } };
const digest = { alerts: [{ key: 'k', alert: 'a', severity: 'critical' as const, title: 't' }], more: 3 };
const several = makeNotification({ content: { ...content, digest } });
const ledger: Ledger = { alerts: new Map([['key', alert]]), queue: [makeNotification(), several] };

it('is read back as it was written', () => {
  expect(readRecord(writeRecord(ledger))).toEqual(ledger);
});

it.each(['', '{', 'null', '[]', '{"version":2,"alerts":[],"queue":[]}'])('cannot be read from %j', (text) => {
  expect(readRecord(text)).toBeUndefined();
});

it('leaves out what it did not write', () => {
  const queue = [
    makeNotification(),
    several,
    { ...several, content: { ...content, digest: { ...digest, more: -1 } } },
    { ...several, content: { ...content, digest: { ...digest, alerts: [{ key: 'k' }] } } },
    { ...makeNotification(), id: 1 },
    { ...makeNotification(), status: 'x' },
    { ...makeNotification(), content: { ...content, findings: 'x' } },
    null,
  ];
  const alerts = [
    ['key', alert],
    ['key2', { ...alert, sent: { phone: 1 } }],
    ['key3', { ...alert, seenBy: undefined }],
    ['key4', { ...alert, content: { ...content, severity: 'x' } }],
    ['key5'],
    3,
  ];
  expect(readRecord(JSON.stringify({ version: 1, alerts, queue }))).toEqual(ledger);
});
