import { describe, expect, it } from 'vitest';
import { createRecordIndex } from '../../../src/assemble/record-index.ts';

const record = (name: string, value: number) => ({ name, value });

describe('an index of records', () => {
  it('says which names have another record than before', () => {
    const index = createRecordIndex<ReturnType<typeof record>>();
    const a = record('a', 1);
    const list = [a, record('b', 1)];
    expect([...index(list).changed].sort()).toEqual(['a', 'b']);
    expect(index(list).changed).toEqual([]);
    const { changed, recordOf } = index([record('b', 2), a]);
    expect(changed).toEqual(['b']);
    expect(recordOf('b')?.value).toBe(2);
    expect(recordOf('a')).toBe(a);
  });

  it('takes the last of several, and says nothing of one before it', () => {
    const index = createRecordIndex<ReturnType<typeof record>>();
    const last = record('a', 2);
    expect(index([record('a', 1), last]).recordOf('a')).toBe(last);
    expect(index([record('a', 3), last]).changed).toEqual([]);
    expect(index([last, record('a', 4)]).changed).toEqual(['a']);
  });

  it('forgets what is gone', () => {
    const index = createRecordIndex<ReturnType<typeof record>>();
    const a = record('a', 1);
    index([a, record('b', 1)]);
    const { changed, recordOf } = index([a]);
    expect(changed).toEqual(['b']);
    expect(recordOf('b')).toBeUndefined();
    expect(index([]).changed).toEqual(['a']);
  });
});
