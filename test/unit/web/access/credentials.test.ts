import { describe, expect, it } from 'vitest';
import { type Compare, createCredentials, type Verdict } from '../../../../src/web/access/credentials.ts';

const alice = '$2y$04$lZLCuSBqWe4P2YqyVdX1HOJRVI6s3jsgWQ0gkSlqE5UiQAGmV6zKy';
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Replaces bcrypt: takes a while, and counts. */
function counting(tookMs = 1) {
  const compared: (readonly [string, string])[] = [];
  let running = 0;
  let mostRunning = 0;
  const compare: Compare = async (password, hash) => {
    compared.push([password, hash]);
    running += 1;
    mostRunning = Math.max(mostRunning, running);
    await new Promise((resolve) => setTimeout(resolve, tookMs));
    running -= 1;
    return hash === `hash of ${password}`;
  };
  return { compare, compared, mostRunning: () => mostRunning };
}

const users = new Map([
  ['ann', 'hash of right'],
  ['bob', 'hash of other'],
]);

describe('credentials', () => {
  it('are compared with bcrypt', async () => {
    const { hashSync } = await import('bcryptjs');
    // The prefix of htpasswd and Go for the same algorithm.
    const hash = hashSync('pässword:1', 4).replace(/^\$2b/, '$2y');
    const { check } = createCredentials(
      new Map([
        ['alice', hash],
        ['carol', alice],
      ]),
    );
    expect(await check(basic('alice', 'pässword:1'))).toBe('admitted');
    expect(await check(basic('alice', 'password:1'))).toBe('refused');
    expect(await check(basic('carol', 'pässword:1'))).toBe('refused');
  });

  it.each([
    undefined,
    '',
    'Basic',
    'Basic !!!!',
    'Bearer YW5uOnJpZ2h0',
    `Basic ${Buffer.from('ann').toString('base64')}`,
    'Basic YW5uOnJpZ2h0 more',
  ])('that are none are refused and cost nothing: %j', async (header) => {
    const { compare, compared } = counting();
    expect(await createCredentials(users, compare).check(header)).toBe('refused');
    expect(compared).toEqual([]);
  });

  it('are hashed once, whatever came of it', async () => {
    const { compare, compared } = counting();
    const { check } = createCredentials(users, compare);
    for (let round = 0; round < 3; round += 1) {
      expect(await check(basic('ann', 'right'))).toBe('admitted');
      expect(await check(basic('ann', 'wrong'))).toBe('refused');
      expect(await check(basic('eve', 'right'))).toBe('refused');
    }
    expect(compared.map(([password]) => password)).toEqual(['right', 'wrong', 'right']);
  });

  it('of an unknown user cost the same hash, and are refused even if it matches', async () => {
    const { compare, compared } = counting();
    const { check } = createCredentials(new Map([['ann', 'hash of right']]), compare);
    expect(await check(basic('eve', 'right'))).toBe('refused');
    expect(compared).toEqual([['right', 'hash of right']]);
  });

  it('of many simultaneous requests are hashed once', async () => {
    const { compare, compared } = counting(20);
    const { check } = createCredentials(users, compare);
    const verdicts = await Promise.all(Array.from({ length: 1000 }, () => check(basic('ann', 'right'))));
    expect(new Set(verdicts)).toEqual(new Set(['admitted']));
    expect(compared).toHaveLength(1);
  });

  it('that were admitted stay so while others guess, one at a time and not without end', async () => {
    const { compare, compared, mostRunning } = counting();
    const { check } = createCredentials(users, compare);
    await check(basic('ann', 'right'));
    const guesses = Array.from({ length: 40 }, (_, at) => check(basic('ann', `guess ${at}`)));
    expect(check(basic('ann', 'right'))).toBe('admitted');
    const verdicts: readonly Verdict[] = await Promise.all(guesses);
    expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(8);
    expect(verdicts.filter((verdict) => verdict === 'refused')).toHaveLength(32);
    expect(mostRunning()).toBe(1);
    for (let at = 0; at < 300; at += 1) await check(basic('ann', `more ${at}`));
    const before = compared.length;
    expect(check(basic('ann', 'right'))).toBe('admitted');
    expect(compared).toHaveLength(before);
  });

  it('leave the thread to others half of the time', async () => {
    const { compare } = counting(30);
    const { check } = createCredentials(users, compare);
    const startedAt = performance.now();
    await Promise.all([1, 2, 3].map((at) => check(basic('ann', `guess ${at}`))));
    expect(performance.now() - startedAt).toBeGreaterThan(140);
  });

  it('that could not be compared are compared again', async () => {
    let fails = true;
    const { check } = createCredentials(users, async () => {
      if (fails) throw new Error('broken');
      return true;
    });
    await expect(check(basic('ann', 'right'))).rejects.toThrow('broken');
    fails = false;
    expect(await check(basic('ann', 'right'))).toBe('admitted');
  });
});
