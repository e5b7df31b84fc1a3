import { describe, expect, it } from 'vitest';
import { endOfLifeOf } from '../../../src/cli/node-lines.ts';

const on = (day: string): number => Date.parse(`${day}T12:00:00Z`);

describe('the end of life of a Node.js', () => {
  it('is said from the day after its last day on', () => {
    expect(endOfLifeOf('20.19.4', on('2026-04-30'))).toBeUndefined();
    expect(endOfLifeOf('20.19.4', on('2026-05-01'))).toBe('2026-04-30');
  });

  it('is not said of a line that gets fixes', () => {
    expect(endOfLifeOf('26.12.1', on('2026-11-30'))).toBeUndefined();
  });

  it('is not guessed for a line that is not listed', () => {
    expect(endOfLifeOf('23.1.0', on('2040-01-01'))).toBeUndefined();
  });
});
