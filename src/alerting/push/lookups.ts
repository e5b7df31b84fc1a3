import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * A name lookup cannot be cancelled, and holds one of Node's few threads, which collectors need too. A second lookup of the
 * same name therefore takes the place of the first, and waits for the same result.
 */
export function shareLookups(): LookupFunction {
  const waiting = new Map<string, Parameters<LookupFunction>[2]>();
  return (name, options, callback) => {
    const isPending = waiting.has(name);
    waiting.set(name, callback);
    if (isPending) return;
    lookup(name, options, (...addresses) => {
      const last = waiting.get(name);
      waiting.delete(name);
      last?.(...addresses);
    });
  };
}
