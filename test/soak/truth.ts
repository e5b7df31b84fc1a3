import { sectorBytes } from '../../src/model/units.ts';
import { parseExposition, type Sample } from '../lab/guest/exposition.ts';
import type { World } from './world.ts';

interface PoolThen {
  readonly dataUsed: number;
  readonly dataBlocks: number;
  readonly metadataUsed: number;
  readonly metadataBlocks: number;
  readonly volumes: ReadonlyMap<string, number>;
}

type Then = ReadonlyMap<string, PoolThen>;

/** Three intervals and a timeout of the pools' and the volumes' collector, and the second between two beats. */
const statusAgeSeconds = 3 * 5 + 4 + 1;
const volumeAgeSeconds = 3 * 15 + 10 + 1;
/**
 * A host that had no faults for this long is known: two intervals, a timeout, a slow command, and the devices before
 * them.
 */
const calmSeconds = 30;

/** What the host was like in the last minute, second for second. */
export class Truth {
  readonly #seconds = new Map<number, Then>();
  /** Since when there was no fault. */
  #calmSince: number | undefined;
  readonly wrongs: string[] = [];
  /** Values that were compared. */
  compared = 0;

  note(second: number, { pools }: World, isCalm: boolean): void {
    this.#seconds.set(
      second,
      new Map(
        [...pools].map(([name, pool]) => [
          name,
          {
            ...pool,
            volumes: new Map(pool.volumes.map((volume) => [volume.name, volume.mappedSectors * sectorBytes])),
          },
        ]),
      ),
    );
    this.#seconds.delete(second - volumeAgeSeconds - 2);
    this.#calmSince = isCalm ? (this.#calmSince ?? second) : undefined;
  }

  /** Holds a page of that second against what the host was like when it was read. `epochSeconds` is second 0. */
  compare(second: number, page: string, epochSeconds: number): void {
    const samples = parseExposition(page);
    const statusSecond = new Map(
      samples
        .filter(({ name }) => name === 'thinpool_status_timestamp_seconds')
        .map(({ labels, value }) => [labels['pool'], value - epochSeconds]),
    );
    for (const sample of samples) {
      const message = expectedOf[sample.name];
      const pool = sample.labels['pool'] ?? '';
      if (message !== undefined) this.#compareStatus(second, sample, statusSecond.get(pool), message);
      if (sample.name === 'thinpool_volume_mapped_bytes') this.#compareVolume(second, sample);
    }
    this.#expectAll(second, samples);
  }

  #compareStatus(
    second: number,
    sample: Sample,
    taken: number | undefined,
    message: (pool: PoolThen) => number,
  ): void {
    this.compared += 1;
    const { pool } = sample.labels;
    if (taken === undefined) {
      this.#wrong(second, sample, 'without the time it was read');
      return;
    }
    if (second - taken > statusAgeSeconds) this.#wrong(second, sample, `is ${second - taken} s old`);
    const then = this.#seconds.get(taken)?.get(pool ?? '');
    if (then === undefined) this.#wrong(second, sample, `there was no such pool at ${taken}`);
    else if (message(then) !== sample.value) this.#wrong(second, sample, `was ${message(then)} at ${taken}`);
  }

  #compareVolume(second: number, sample: Sample): void {
    this.compared += 1;
    const { pool = '', volume = '' } = sample.labels;
    for (let at = second; at >= second - volumeAgeSeconds; at -= 1) {
      if (this.#seconds.get(at)?.get(pool)?.volumes.get(volume) === sample.value) return;
    }
    this.#wrong(second, sample, `was never so in ${volumeAgeSeconds} s`);
  }

  /** Where nothing was in the way, everything is there. */
  #expectAll(second: number, samples: readonly Sample[]): void {
    if (this.#calmSince === undefined || second - this.#calmSince < calmSeconds) return;
    const shown = new Set(
      samples.filter(({ name }) => name === 'thinpool_data_used_blocks').map(({ labels }) => labels['pool']),
    );
    const before = this.#seconds.get(second - calmSeconds);
    for (const name of this.#seconds.get(second)?.keys() ?? [])
      if (before?.has(name) && !shown.has(name)) this.wrongs.push(`${second}: nothing is known of ${name}`);
  }

  #wrong(second: number, { name, labels, value }: Sample, what: string): void {
    this.wrongs.push(`${second}: ${name} of ${JSON.stringify(labels)} is ${value}, ${what}`);
  }
}

const expectedOf: Readonly<Record<string, (pool: PoolThen) => number>> = {
  thinpool_data_used_blocks: ({ dataUsed }) => dataUsed,
  thinpool_data_blocks: ({ dataBlocks }) => dataBlocks,
  thinpool_metadata_used_blocks: ({ metadataUsed }) => metadataUsed,
  thinpool_metadata_blocks: ({ metadataBlocks }) => metadataBlocks,
};
