import { expect, it } from 'vitest';
import { minuteMs } from '../../../src/model/units.ts';
import { watchScrapers } from '../../../src/web/scrapers.ts';

const scrape = { 'x-prometheus-scrape-timeout-seconds': '10' };

it('knows the IPv4 addresses that scraped in the last quarter of an hour', () => {
  let now = 0;
  const { saw, addresses } = watchScrapers(() => now);
  saw('::ffff:192.0.2.7', scrape);
  saw('192.0.2.5', scrape);
  saw('192.0.2.6', { 'user-agent': 'curl/8.0' });
  saw('127.0.0.1', scrape);
  saw('2001:db8::1', scrape);
  saw(undefined, scrape);
  expect(addresses()).toEqual(['192.0.2.5', '192.0.2.7']);
  now = 10 * minuteMs;
  saw('192.0.2.7', scrape);
  now = 20 * minuteMs;
  expect(addresses()).toEqual(['192.0.2.7']);
});

it('keeps eight addresses, the latest', () => {
  const { saw, addresses } = watchScrapers(() => 0);
  for (let at = 1; at <= 12; at += 1) saw(`192.0.2.${at}`, scrape);
  saw('192.0.2.5', scrape);
  expect(addresses()).toHaveLength(8);
  expect(addresses()).toContain('192.0.2.5');
  expect(addresses()).not.toContain('192.0.2.4');
});
