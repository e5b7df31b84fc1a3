import { describe, expect, it } from 'vitest';
import { namesOf, passesOf, readRules, seconds } from './rules.ts';

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
