import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dashboard } from './dashboard.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'dashboards');
export const names = ['thinpool-fleet', 'thinpool-pool', 'thinpool-exporter'] as const;

/** A dashboard as it is shipped. */
export function shipped(name: string): Dashboard {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}
