import { setTimeout as pause } from 'node:timers/promises';
import type { Measured } from './exporter.ts';

/** Memory over as many scrapes as an hour has at one each five seconds. */
export interface Hour {
  readonly halfBytes: number;
  readonly fullBytes: number;
  /** At the end: what is not shared with others. */
  readonly privateBytes: number;
}

const hourScrapes = 720;
const everyMs = 50;

/** An hour of scrapes, as Prometheus makes them, in 36 seconds. */
export async function measureHour({ url, load, privateBytes }: Measured): Promise<Hour> {
  let halfBytes = 0;
  for (let scrape = 1; scrape <= hourScrapes; scrape += 1) {
    await (await fetch(url, { headers: { 'accept-encoding': 'gzip' } })).arrayBuffer();
    if (scrape === hourScrapes / 2) halfBytes = load().residentBytes;
    await pause(everyMs);
  }
  return { halfBytes, fullBytes: load().residentBytes, privateBytes: privateBytes() };
}
