import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { has, isCi } from '../alerts/tools.ts';

/** Where `npm run kubernetes:tools` puts them. */
const fetched = join(import.meta.dirname, '..', '..', '..', '.cache', 'kubernetes');

/** That which was fetched, as its version is known, else the machine's. In CI one has to be there. */
function tool(name: string, ...probe: readonly string[]): string | undefined {
  const own = join(fetched, name);
  if (existsSync(own) || isCi) return own;
  if (has(name, ...probe)) return name;
  console.warn(`skipped: the chart needs ${name} (npm run kubernetes:tools)`);
  return undefined;
}

export const helm = tool('helm', 'version');
export const kubectl = tool('kubectl', 'version', '--client');
