import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Store } from '../../../../src/notify/send/store.ts';

const log = { error: vi.fn(), info: vi.fn() };
const saved = vi.fn();
let writes: { content: string; end: (error?: Error) => void }[];
let store: Store;
beforeEach(() => {
  vi.useFakeTimers();
  vi.resetAllMocks();
  writes = [];
  const write = (content: string) =>
    new Promise<void>((resolve, reject) => {
      writes.push({ content, end: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  store = new Store({ file: { read: async () => undefined, write }, log, saved });
});
afterEach(() => {
  store.close();
  vi.useRealTimers();
});
const end = async (at: number, error?: Error) => {
  writes[at]?.end(error);
  await vi.advanceTimersByTimeAsync(0);
};

describe('a store', () => {
  it('writes one text at a time, and of several only the latest', async () => {
    const versions = ['a', 'b', 'c'].map((text) => store.save(() => text));
    expect(writes.map(({ content }) => content)).toEqual(['a']);
    await end(0);
    expect(writes.map(({ content }) => content)).toEqual(['a', 'c']);
    expect(versions.map((version) => store.has(version))).toEqual([true, false, false]);
    await end(1);
    expect(versions.map((version) => store.has(version))).toEqual([true, true, true]);
    expect(saved).toHaveBeenCalledTimes(2);
  });

  it('reports a full disk once, and writes again every half minute', async () => {
    const version = store.save(() => 'a');
    await end(0, new Error('cannot write x: no space left'));
    expect(store.failure()).toBe('cannot write x: no space left');
    expect(store.has(version)).toBe(false);
    await vi.advanceTimersByTimeAsync(30_000);
    await end(1, new Error('cannot write x: no space left'));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(log.error).toHaveBeenCalledTimes(1);
    await end(2);
    expect(store.failure()).toBeUndefined();
    expect(store.has(version)).toBe(true);
    expect(log.info).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(writes).toHaveLength(3);
  });

  it('says so if a write does not end', async () => {
    store.save(() => 'a');
    await vi.advanceTimersByTimeAsync(9999);
    expect(store.failure()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(store.failure()).toBe('writing it does not end');
    await store.flush();
    await end(0);
    expect(store.failure()).toBeUndefined();
  });

  it('is flushed when the latest text is written', async () => {
    store.save(() => 'a');
    store.save(() => 'b');
    const flushed = vi.fn();
    void store.flush().then(flushed);
    await end(0);
    await vi.advanceTimersByTimeAsync(50);
    expect(flushed).not.toHaveBeenCalled();
    await end(1);
    await vi.advanceTimersByTimeAsync(50);
    expect(flushed).toHaveBeenCalled();
  });

  it('without a file keeps nothing, and waits for nothing', async () => {
    const none = new Store({ log, saved });
    expect(none.has(none.save(() => 'a'))).toBe(true);
    await none.flush();
  });
});
