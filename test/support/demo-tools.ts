import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The simulated commands by name, from their folder: only the bundle has them inside. */
export function demoTools(): Readonly<Record<string, string>> {
  const folder = join(import.meta.dirname, '../../demo/tools');
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}
