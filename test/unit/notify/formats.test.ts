import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type FormatName, formats, textOf, titleOf } from '../../../src/notify/formats.ts';
import type { Notification } from '../../../src/notify/notification.ts';
import { content, makeNotification, minute } from './support.ts';

const names = Object.keys(formats) as FormatName[];
const setup = { host: 'db1', path: '/ops', chatId: '-100' };
const several = {
  alert: 'Several',
  severity: 'critical',
  title: '22 alerts on db1: 20 critical, 2 warnings',
  findings: [],
  digest: {
    alerts: Array.from({ length: 3 }, (_, at) => ({
      key: `[["alertname","ThinPoolFull"],["pool","vg-${at}"]]`,
      alert: 'ThinPoolFull',
      severity: 'critical' as const,
      pool: `vg-${at}`,
      title: `Pool vg-${at} on db1 is out of data space`,
    })),
    more: 19,
  },
} as const;
const cases: Readonly<Record<string, Notification>> = {
  firing: makeNotification(),
  again: makeNotification({ count: 3 }),
  warning: makeNotification({ content: { ...content, severity: 'warning' } }),
  note: makeNotification({ content: { ...content, severity: 'info' } }),
  resolved: makeNotification({ status: 'resolved', at: makeNotification().since + 12 * minute }),
  several: makeNotification({ content: several }),
  'several, over': makeNotification({
    status: 'resolved',
    content: { ...several, title: '22 alerts on db1' },
    at: makeNotification().since + 12 * minute,
  }),
  gone: makeNotification({ status: 'gone', at: makeNotification().since + 12 * minute }),
};

describe('bodies', () => {
  it.each(names)('for %s', async (name) => {
    const bodies = Object.fromEntries(
      Object.entries(cases).map(([about, notification]) => [about, formats[name].body(notification, setup)]),
    );
    await expect(`${JSON.stringify(bodies, null, 2)}\n`).toMatchFileSnapshot(`bodies/${name}.txt`);
  });

  it('in JSON are as the schema says, and the schema leaves nothing out', () => {
    const file = join(import.meta.dirname, '../../../docs/reference/notification.schema.json');
    const schema: object = JSON.parse(readFileSync(file, 'utf8'));
    const validate = new Ajv2020({ allErrors: true, strict: true, validateFormats: false }).compile(schema);
    const everything = makeNotification({
      content: {
        ...content,
        target: 'full',
        collector: 'lvm',
        vg: 'vg0',
        findings: [{ ...content.findings[0]!, secondsLeft: 46.5, lastKnown: true }],
      },
    });
    for (const notification of [...Object.values(cases), everything]) {
      validate(formats.json.body(notification, setup));
      expect(validate.errors).toBeNull();
    }
    expect(validate({ ...formats.json.body(everything, setup), more: 1 })).toBe(false);
  });
});

describe('names from outside', () => {
  const evil = 'a<!channel>&@everyone\n\u001b[31m';
  const notification = makeNotification({
    content: { ...content, title: evil, findings: [{ code: 'x', summary: evil, advice: evil }] },
  });

  it('neither start lines of a title nor control a terminal', () => {
    expect(titleOf(notification)).toBe('CRITICAL: a<!channel>&@everyone\\u000a\\u001b[31m');
    expect(textOf(notification, 'db1')).not.toContain('\u001b');
  });

  it('start no line of a list of alerts', () => {
    const [first] = several.digest.alerts;
    const alerts = [{ ...first!, title: evil, pool: evil }];
    const listed = makeNotification({ content: { ...several, digest: { alerts, more: 0 } } });
    expect(textOf(listed, 'db1').split('\n')).toEqual([
      '- CRITICAL: a<!channel>&@everyone\\u000a\\u001b[31m',
      'Do: Run `thinpool-exporter check` on db1.',
    ]);
  });

  it('call no one', () => {
    expect(formats.slack.body(notification, setup)).toEqual({
      text: expect.stringMatching(/^[^<>]*a&lt;!channel&gt;&amp;@everyone[^<>]*$/s),
    });
    expect(formats.discord.body(notification, setup)).toMatchObject({ allowed_mentions: { parse: [] } });
  });
});

it.each(names)('%s is cut to what the service accepts', (name) => {
  const findings = Array.from({ length: 5 }, () => ({
    code: 'x',
    summary: '😀'.repeat(600),
    advice: 'x'.repeat(600),
  }));
  const body = JSON.stringify(
    formats[name].body(makeNotification({ content: { ...content, findings } }), setup),
  );
  const most = { discord: 2200, telegram: 5000, ntfy: 6000 }[name as string] ?? 20_000;
  expect([...body].length).toBeLessThan(most);
});

describe('a list of alerts that is too long', () => {
  const alerts = Array.from({ length: 20 }, (_, at) => ({
    ...several.digest.alerts[0]!,
    title: `Pool vg-${at} ${'ü😀'.repeat(110)}`,
  }));
  const long = makeNotification({ content: { ...several, digest: { alerts, more: 80 } } });

  it.each(['discord', 'telegram', 'ntfy'] as const)(
    'loses alerts for %s, and keeps its last lines',
    (name) => {
      const body: Record<string, unknown> = { ...formats[name].body(long, setup) };
      const lines = String(body['content'] ?? body['message'] ?? body['text']).split('\n');
      const listed = lines.filter((line) => line.startsWith('- CRITICAL: Pool vg-'));
      expect(listed.length).toBeGreaterThan(3);
      expect(lines.slice(-2)).toEqual([
        `and ${100 - listed.length} more.`,
        'Do: Run `thinpool-exporter check` on db1.',
      ]);
    },
  );
});

it('ntfy counts bytes', () => {
  const findings = Array.from({ length: 5 }, () => ({
    code: 'x',
    summary: '😀'.repeat(600),
    advice: 'x'.repeat(600),
  }));
  const { message } = formats.ntfy.body(makeNotification({ content: { ...content, findings } }), setup);
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(3800);
  expect(message).toMatch(/^[^\ufffd]+…$/u);
});

it('ntfy takes its topic from the address', () => {
  expect(formats.ntfy.path('/ops')).toBe('/');
  expect(formats.ntfy.path('/prefix/ops/')).toBe('/prefix/');
  expect(formats.ntfy.body(makeNotification(), { ...setup, path: '/prefix/ops' })).toMatchObject({
    topic: 'ops',
  });
});
