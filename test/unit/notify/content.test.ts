import { expect, it } from 'vitest';
import { contentOf, shorten } from '../../../src/notify/content.ts';
import { alertsOf, full } from './support.ts';

it('has the labels of the alert, its words, and the findings with their advice', () => {
  expect(contentOf(alertsOf({ ...full, secondsLeft: 46, lastKnown: true })[0]!)).toEqual({
    alert: 'ThinPoolFull',
    severity: 'critical',
    pool: 'docker-thinpool',
    resource: 'data',
    title: 'Pool docker-thinpool on db1 is out of data space; writes that need a new block hang or fail',
    runbook: 'https://runbooks.example/ThinPoolFull',
    findings: [
      { code: 'data-full', summary: full.summary, advice: full.advice, secondsLeft: 46, lastKnown: true },
    ],
  });
});

it('is bounded, whatever the findings are', () => {
  const long = 'x'.repeat(100_000);
  const many = Array.from({ length: 40 }, () => ({ ...full, summary: long, advice: long }));
  const content = contentOf(alertsOf(...many)[0]!);
  expect(JSON.stringify(content).length).toBeLessThan(8000);
  expect(content.findings).toHaveLength(5);
});

it('cuts between characters', () => {
  expect(shorten('a😀b', 3)).toBe('a😀b');
  expect(shorten('a😀bc', 3)).toBe('a😀…');
});
