import { expect, it } from 'vitest';
import { settled } from '../../../src/io/settled.ts';

it('says whether a promise settles in time', async () => {
  expect(await settled(Promise.resolve(), 1000)).toBe(true);
  expect(await settled(new Promise(() => {}), 10)).toBe(false);
});
