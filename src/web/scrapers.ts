import type { IncomingHttpHeaders } from 'node:http';
import { minuteMs } from '../model/units.ts';

/** Which Prometheus scrapes: it may live on one of the pools. */
export interface ScraperWatch {
  readonly saw: (address: string | undefined, headers: IncomingHttpHeaders) => void;
  /** The IPv4 addresses of the last minutes. */
  readonly addresses: () => readonly string[];
}

/** Longer than the longest usual scrape interval, a few times over. */
const keptMs = 15 * minuteMs;

/** More are not kept: everyone may request a page. */
const most = 8;

export function watchScrapers(now: () => number): ScraperWatch {
  const seenAt = new Map<string, number>();
  return {
    saw: (address, headers) => {
      // Prometheus and vmagent send it with every scrape, a browser or curl never.
      if (address === undefined || headers['x-prometheus-scrape-timeout-seconds'] === undefined) return;
      const known = /^(?:::ffff:)?(?<v4>(?:\d{1,3}\.){3}\d{1,3})$/.exec(address)?.groups?.['v4'];
      if (known === undefined || known.startsWith('127.')) return;
      seenAt.delete(known);
      seenAt.set(known, now());
      const [oldest] = seenAt.keys();
      if (seenAt.size > most && oldest !== undefined) seenAt.delete(oldest);
    },
    addresses: () => [...seenAt].flatMap(([address, at]) => (now() - at > keptMs ? [] : [address])).sort(),
  };
}
