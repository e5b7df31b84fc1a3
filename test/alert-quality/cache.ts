import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { resources } from '../../src/model/pool.ts';
import type { History } from './history.ts';

/** What was computed once, by a hash of everything that it was computed from. */
export class Cache {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true });
  }

  get<Value>(key: string): Value | undefined {
    const file = this.#fileOf(key);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Value) : undefined;
  }

  put<Value>(key: string, value: Value): Value {
    writeFileSync(this.#fileOf(key), JSON.stringify(value));
    return value;
  }

  #fileOf(key: string): string {
    return path.join(this.#dir, `${key}.json`);
  }
}

export function hashOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length} ${part}`);
  return hash.digest('hex');
}

const hashes = new WeakMap<History, string>();

/** A hash of everything in a history that an exporter or Prometheus could notice. */
export function hashOfHistory(history: History): string {
  const known = hashes.get(history);
  if (known !== undefined) return known;
  const { id, tier, phase, policy, disturbances, course } = history;
  const { step, extended, mode, tracks, vgFree } = course;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([id, tier, phase, policy, disturbances, step, extended, mode]));
  for (const resource of resources) {
    const { used, size, minimumFree } = tracks[resource];
    for (const numbers of [used, size, minimumFree ?? new Float64Array()]) hash.update(numbers);
  }
  const made = hash.update(vgFree).digest('hex');
  hashes.set(history, made);
  return made;
}
