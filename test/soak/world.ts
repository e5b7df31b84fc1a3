import type { Random } from './random.ts';

/** What a simulated kernel knows of one pool. Blocks of data are of 64 KiB, those of metadata of 4 KiB. */
export interface SoakPool {
  readonly name: string;
  readonly minor: number;
  dataBlocks: number;
  dataUsed: number;
  metadataBlocks: number;
  metadataUsed: number;
  readonly volumes: SoakVolume[];
}

export interface SoakVolume {
  readonly name: string;
  readonly minor: number;
  readonly id: number;
  mappedSectors: number;
}

export const blockSectors = 128;
const names = ['docker-pool', 'vg0-thin-tpool', 'with:colon', 'dotted.pool', 'spare', 'a+b'];
const mostVolumes = 4;

/** Pools that come, fill, shrink, grow and go: some once a minute, some once an hour. */
export class World {
  readonly pools = new Map<string, SoakPool>();
  readonly #random: Random;
  #minor = 1;
  #id = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** One second passes. */
  tick(): void {
    const { between, onceIn, oneOf } = this.#random;
    const free = names.filter((name) => !this.pools.has(name));
    if (onceIn(this.pools.size < 3 ? 60 : 1200)) this.#add(oneOf(free));
    for (const pool of [...this.pools.values()]) {
      this.#write(pool);
      if (onceIn(900)) pool.dataBlocks += between(1, 4) * 1024;
      if (onceIn(900)) pool.metadataBlocks += 256;
      if (onceIn(600)) this.#addVolume(pool);
      if (onceIn(600)) pool.volumes.splice(between(0, mostVolumes), 1);
      if (onceIn(1800)) this.#remove(pool);
    }
  }

  #add(name: string | undefined): void {
    if (name === undefined) return;
    const { between } = this.#random;
    const pool: SoakPool = {
      name,
      minor: this.#nextMinor(),
      dataBlocks: between(1, 64) * 1024,
      dataUsed: 0,
      metadataBlocks: between(1, 16) * 256,
      metadataUsed: 10,
      volumes: [],
    };
    this.pools.set(name, pool);
    this.#addVolume(pool);
  }

  /** Half of those that go come back at once, as another one under the same name. */
  #remove({ name }: SoakPool): void {
    this.pools.delete(name);
    if (this.#random.onceIn(2)) this.#add(name);
  }

  #addVolume(pool: SoakPool): void {
    if (pool.volumes.length >= mostVolumes) return;
    const id = this.#id++;
    pool.volumes.push({
      name: `${pool.name}-vol${id % 5}-${pool.minor}`,
      minor: this.#nextMinor(),
      id,
      mappedSectors: 0,
    });
  }

  /** What is written differs from second to second, or a value of the second before could pass for this one's. */
  #write(pool: SoakPool): void {
    const { between, onceIn } = this.#random;
    const blocks = onceIn(300) ? -between(1, pool.dataUsed + 1) : between(1, 97);
    pool.dataUsed = Math.min(pool.dataBlocks, Math.max(0, pool.dataUsed + blocks));
    pool.metadataUsed = Math.min(pool.metadataBlocks, 10 + between(0, Math.ceil(pool.dataUsed / 16)));
    for (const volume of pool.volumes) volume.mappedSectors += between(1, 97) * blockSectors;
    if (pool.dataUsed === pool.dataBlocks && onceIn(120)) pool.dataUsed = between(0, pool.dataBlocks >> 1);
  }

  #nextMinor(): number {
    this.#minor += 1;
    return this.#minor;
  }
}
