import { describe, expect, it } from 'vitest';
import { kernelMessageKinds } from '../../../src/collectors/kernel/message.ts';
import { endedByActivation, failedActivation } from '../../../src/thinpool/ended-by-activation.ts';

describe('kinds of messages that an activation ends', () => {
  it('are kinds that a message can have, and none is of both sorts', () => {
    const known = new Set(kernelMessageKinds.map(({ kind }) => kind));
    const both = [...endedByActivation, ...failedActivation];
    expect(both.filter((kind) => !known.has(kind))).toEqual([]);
    expect(new Set(both).size).toBe(both.length);
  });
});
