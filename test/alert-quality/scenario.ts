import type { Resource } from '../../src/model/pool.ts';
import { Demand } from './demand.ts';
import type { Autoextend, Extension, Plan, Start } from './pool.ts';
import type { Chance } from './random.ts';
import type { Tier } from './tiers.ts';

/** Scrapes that do not happen, as Prometheus sees them. Seconds. */
export interface Disturbance {
  /** gap: Prometheus did not scrape. restart: it did, while the exporter was down. */
  readonly kind: 'gap' | 'restart';
  readonly from: number;
  readonly to: number;
}

/** A pool before anything happens to it, and where what is to happen to it is written down. */
export class Sketch {
  readonly tier: Tier;
  readonly chance: Chance;
  readonly minimumFreePercent: number;
  readonly data: Start;
  readonly metadata: Start;
  readonly demand: Record<Resource, Demand>;
  readonly onsets: number[] = [];
  readonly extensions: Extension[] = [];
  readonly disturbances: Disturbance[] = [];
  autoextend?: Autoextend;
  rescueAfter?: number;
  /** Polling interval of its exporter, in seconds, where it is not the usual one. */
  poll?: number;

  constructor(tier: Tier, chance: Chance, minimumFreePercent: number, pool: { size: number; used: number }) {
    this.tier = tier;
    this.chance = chance;
    this.minimumFreePercent = minimumFreePercent;
    const size = roundTo(64 * 1024, pool.size);
    this.data = { size, used: Math.floor(pool.used * size) };
    const metadataSize = roundTo(4096, Math.min(15.8 * 1024 ** 3, Math.max(8 * 1024 ** 2, size / 1000)));
    this.metadata = { size: metadataSize, used: Math.floor(chance.between(0.05, 0.4) * metadataSize) };
    this.demand = { data: new Demand(tier), metadata: new Demand(tier) };
  }

  /** Free space before the first danger: down to the minimum free, or to zero if there is none. */
  get distance(): number {
    return this.data.size * (1 - this.minimumFreePercent / 100) - this.data.used;
  }

  get free(): number {
    return this.data.size - this.data.used;
  }

  get metadataFree(): number {
    return this.metadata.size - this.metadata.used;
  }

  /** Writes, which take a little metadata as well. */
  write(from: number, to: number, bytes: number): this {
    this.demand.data.add(from, to, bytes);
    this.demand.metadata.add(from, to, this.#metadataOf(bytes));
    return this;
  }

  writeUnevenly(from: number, to: number, bytes: number, grain: { stretch: number; by: number }): this {
    this.demand.data.addUnevenly(from, to, bytes, this.chance, grain);
    this.demand.metadata.add(from, to, this.#metadataOf(bytes));
    return this;
  }

  plan(): Plan {
    const { tier, data, metadata, demand, minimumFreePercent, extensions } = this;
    return {
      tier,
      data,
      metadata,
      demand,
      minimumFreePercent,
      extensions,
      ...(this.autoextend && { autoextend: this.autoextend }),
      ...(this.rescueAfter !== undefined && { rescueAfter: this.rescueAfter }),
    };
  }

  #metadataOf(bytes: number): number {
    return (0.3 * this.metadata.size * bytes) / this.data.size;
  }
}

function roundTo(unit: number, bytes: number): number {
  return Math.round(bytes / unit) * unit;
}
