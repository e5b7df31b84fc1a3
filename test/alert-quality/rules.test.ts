import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesOf, passesOf, readRules, seconds, thoseThatCanFire } from './rules.ts';

const text = `
groups:
  - name: slow
    interval: 1m
    rules:
      - { record: rate, expr: 'deriv(used[1h])', labels: { window: 1h } }
      - { record: rate, expr: 'deriv(used[6h])', labels: { window: 6h } }
      - { alert: Slow, expr: 'left / ignoring (window) rate{window="6h"} < 7200', labels: { page: "true" } }
      - { alert: Ticket, expr: 'other > 1', labels: { severity: critical } }
  - name: fast
    interval: 5s
    rules:
      - { record: left, expr: size - used }
      - alert: Fast
        expr: left / ignoring (window) rate{window="1h"} < 60
        for: 5s
        labels: { page: "true" }
        annotations: { summary: none }
`;

const namesIn = (groups: ReturnType<typeof passesOf>[number]['groups']): string[] =>
  groups.flatMap((group) =>
    group.rules.map((rule) =>
      `${group.name} ${rule.alert ?? rule.record} ${rule.labels?.['window'] ?? ''}`.trim(),
    ),
  );

describe('a rules file', () => {
  it('is run once for each interval, with the pages of that interval and what they read', () => {
    const passes = passesOf(readRules(text), { finest: 5 });
    expect(passes.map(({ interval, groups }) => [interval, namesIn(groups)])).toEqual([
      [60, ['slow rate 6h', 'slow Slow', 'fast left']],
      [5, ['slow rate 1h', 'fast left', 'fast Fast']],
    ]);
  });

  it('is run no faster than the tier allows, and then at once', () => {
    expect(passesOf(readRules(text), { finest: 60 }).map(({ interval }) => interval)).toEqual([60]);
  });

  it('holds what a slower group recorded until that is due', () => {
    const [, fast] = passesOf(readRules(text), { finest: 5 });
    expect(fast!.groups[0]!.rules[0]!.expr).toBe(
      '((deriv(used[1h])) and on () (vector(time() % 60) == 0)) or (rate{window="1h"} and on () (vector(time() % 60) != 0))',
    );
  });

  it('names the metrics that it reads, and carries no annotations', () => {
    const [slow, fast] = passesOf(readRules(text), { finest: 5 });
    expect(namesOf(slow!).has('used')).toBe(true);
    expect(namesOf(slow!).has('other')).toBe(false);
    expect(fast!.groups[1]!.rules[1]).toEqual({
      alert: 'Fast',
      expr: 'left / ignoring (window) rate{window="1h"} < 60',
      for: '5s',
      labels: { page: 'true' },
    });
  });

  it('pages by severity where no alert says that it pages', () => {
    const plain = text.replaceAll('page: "true"', 'severity: critical');
    expect(readRules(plain).tier).toEqual(['severity', 'critical']);
    expect(readRules(text).tier).toEqual(['page', 'true']);
  });

  it.each([
    ['ALERTS{alertname="Ticket"}', true],
    ['ALERTS{alertname="Ticket", severity="critical"}', true],
    ['ALERTS{alertname="Ticket", severity="warning"}', false],
    ['ALERTS{alertname="Slow"}', false],
    ['ALERTS', true],
  ])('keeps the alerts that an expression reads: %s', (selector, isKept) => {
    const asking = text.replace('left / ignoring (window) rate{window="6h"} < 7200', selector);
    expect(namesIn(passesOf(readRules(asking), { finest: 60 })[0]!.groups).includes('slow Ticket')).toBe(
      isKept,
    );
  });
});

it.each([
  ['5s', 5],
  ['1m', 60],
  ['1h30m', 5400],
  ['1d', 86400],
])('a duration of %s', (text, expected) => {
  expect(seconds(text)).toBe(expected);
});

describe('rules over series without a finding', () => {
  const found = (matchers: string): string =>
    `group without (code) (\n  last_over_time(thinpool_finding{${matchers}}[1m2s])\n)`;
  const rules = [
    { record: 'left', expr: 'size - used' },
    { alert: 'Full', expr: found('code=~"full|fu\\\\.ll",severity="critical"') },
    { alert: 'Quiet', expr: found('code="quiet",pool!="a"') },
    { alert: 'Other', expr: `1 - ${found('code="quiet"')}` },
    { alert: 'Less', expr: `${found('code="quiet"')}\nunless on (pool) last_over_time(left{a="b"}[1m2s])` },
    {
      alert: 'Again',
      expr: `${found('code="quiet"')}\nunless on (pool) (\n  left\n  or size\n)\nor ${found('code="quiet"')}\nand on (pool) ALERTS{alertname="Again"}`,
    },
    { alert: 'More', expr: `${found('code="quiet"')}\nor left` },
    { alert: 'Soon', expr: 'left < 5' },
  ];
  const alerts = (labels: Record<string, string>[], of = rules) =>
    thoseThatCanFire({ interval: 5, groups: [{ name: 'now', rules: of }] }, labels).groups.flatMap((group) =>
      group.rules.map(({ alert, record }) => alert ?? record),
    );

  it('leave out alerts that look for that finding only', () => {
    expect(alerts([])).toEqual(['left', 'Other', 'More', 'Soon']);
    expect(alerts([{ code: 'full', severity: 'warning' }])).toEqual(['left', 'Other', 'More', 'Soon']);
    expect(alerts([{ code: 'full', severity: 'critical' }])).toContain('Full');
    expect(alerts([{ code: 'fuxll', severity: 'critical' }])).not.toContain('Full');
    expect(alerts([{ code: 'quiet', pool: 'a' }])).not.toContain('Quiet');
    expect(alerts([{ code: 'quiet', pool: 'b' }])).toContain('Quiet');
    expect(alerts([{ code: 'quiet' }])).toEqual(expect.arrayContaining(['Less', 'Again']));
  });

  it('leave out what no other alert reads, and all if none is left', () => {
    expect(alerts([{ code: 'quiet', pool: 'b' }], rules.slice(0, 3))).toEqual(['Quiet']);
    expect(alerts([], rules.slice(0, 3))).toEqual([]);
  });

  it('leave out most of the shipped ones', () => {
    const text = readFileSync(path.resolve(import.meta.dirname, '../../alerts/thinpool.rules.yml'), 'utf8');
    const [now] = passesOf(readRules(text), { finest: 5 }).toSorted((a, b) => a.interval - b.interval);
    const count = ({ groups }: { groups: ReturnType<typeof passesOf>[number]['groups'] }) =>
      groups.flatMap((group) => group.rules.filter(({ alert }) => alert !== undefined)).length;
    const nearly = [
      { code: 'nearly-full', severity: 'critical', resource: 'data', target: 'full', pool: 'a' },
    ];
    expect(count(thoseThatCanFire(now!, nearly))).toBeGreaterThan(0);
    expect(count(thoseThatCanFire(now!, nearly))).toBeLessThan(count(now!) / 4);
  });
});
