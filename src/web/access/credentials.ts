import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { compare } from 'bcryptjs';

/** Busy: too many unknown credentials at once; the client should retry. */
export type Verdict = 'admitted' | 'refused' | 'busy';

export type Compare = (password: string, hash: string) => Promise<boolean>;

export interface Credentials {
  /** Checks an Authorization header. Never rejects. Known credentials cost almost nothing. */
  readonly check: (authorization: string | undefined) => Verdict | Promise<Verdict>;
}

/** Comparisons that wait or run. At 80 ms each, the last one ends before its client times out. */
const mostPending = 32;
/** Number of wrong credentials to remember. */
const mostRefused = 256;

/**
 * The users of a web configuration. A hash takes about 100 ms of the only thread, which also serves all other requests.
 * Therefore hashes are computed one at a time, in slices, each followed by an equally long pause; concurrent requests with
 * the same credentials share one computation; and results are remembered, under a keyed digest instead of the password.
 */
export function createCredentials(
  users: ReadonlyMap<string, string>,
  compareHash: Compare = compare,
): Credentials {
  const secret = randomBytes(32);
  const digestOf = (...parts: readonly string[]): Buffer =>
    createHmac('sha256', secret).update(JSON.stringify(parts)).digest();
  const hashes = [...users.values()];
  /** By user. Separate from refused credentials, so that guesses cannot evict admitted users. */
  const admitted = new Map<string, Buffer>();
  const refused = new Set<string>();
  const pending = new Map<string, Promise<Verdict>>();
  let last: Promise<unknown> = Promise.resolve();

  /** For an unknown user, compares with the hash of a known one, so that it takes as long. It always fails. */
  const hashFor = (user: string): string =>
    users.get(user) ?? hashes[digestOf(user).readUInt32BE(0) % hashes.length] ?? '';

  async function judge(user: string, password: string, digest: Buffer): Promise<Verdict> {
    const equal = await inTurn(() => compareHash(password, hashFor(user)));
    if (equal && users.has(user)) {
      admitted.set(user, digest);
      return 'admitted';
    }
    const [oldest] = refused;
    if (refused.size >= mostRefused && oldest !== undefined) refused.delete(oldest);
    refused.add(digest.toString('base64'));
    return 'refused';
  }

  /** Waits for earlier work and its pauses. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const free = last;
    const turn = free.then(async () => {
      const startedAt = performance.now();
      const value = await work();
      return { value, tookMs: performance.now() - startedAt };
    });
    last = turn.then(({ tookMs }) => sleep(tookMs)).catch(() => {});
    return turn.then(({ value }) => value);
  }

  return {
    check: (authorization) => {
      const given = parseBasic(authorization);
      if (given === undefined) return 'refused';
      const { user, password } = given;
      const digest = digestOf(user, password);
      const known = admitted.get(user);
      if (known !== undefined && timingSafeEqual(known, digest)) return 'admitted';
      const name = digest.toString('base64');
      if (refused.has(name)) return 'refused';
      const underWay = pending.get(name);
      if (underWay !== undefined) return underWay;
      if (pending.size >= mostPending) return 'busy';
      const verdict = judge(user, password, digest).finally(() => pending.delete(name));
      pending.set(name, verdict);
      return verdict;
    },
  };
}

/** RFC 7617. A password may contain colons, a user name may not. */
function parseBasic(authorization = ''): { user: string; password: string } | undefined {
  const encoded = /^basic +(?<encoded>[A-Za-z0-9+/_-]+={0,2}) *$/i.exec(authorization)?.groups?.['encoded'];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const at = text.indexOf(':');
  return at < 0 ? undefined : { user: text.slice(0, at), password: text.slice(at + 1) };
}
