import { describe, it, type TestOptions } from 'vitest';
import { conditions, explainMissing, isCi, isTool, type Need, needing, unmet } from './tools.ts';

/** `describe`, where the machine has all that it takes; skipped by name where it has not, and a failure in CI. */
export function describeWith(...needs: readonly Need[]): (name: string, body: () => void) => void {
  const missing = unmet(needs);
  if (missing.length === 0) return (name, body) => void describe(name, body);
  if (isWrongInCi(missing))
    return (name) => void describe(name, () => it('has what it needs', () => fail(missing)));
  return (name, body) => void describe.skip(needing(name, missing), body);
}

type Body = () => void | Promise<void>;

/** The same for `it`. */
export function itWith(...needs: readonly Need[]): (name: string, options: TestOptions, body: Body) => void {
  const missing = unmet(needs);
  if (missing.length === 0) return (name, options, body) => void it(name, options, body);
  if (isWrongInCi(missing)) return (name) => void it(name, () => fail(missing));
  return (name, options, body) => void it.skip(needing(name, missing), options, body);
}

function fail(missing: readonly Need[]): never {
  throw new Error(explainMissing(missing));
}

function isWrongInCi(missing: readonly Need[]): boolean {
  return isCi && missing.some((need) => isTool(need) || conditions[need].inCi);
}
