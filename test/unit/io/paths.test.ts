import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PathRead } from '../../../src/collectors/collector.ts';
import { Denied } from '../../../src/collectors/shared/errors.ts';
import { readPaths } from '../../../src/io/paths.ts';

const root = mkdtempSync(join(tmpdir(), 'paths-'));
const at = (name: string) => join(root, name);

async function read(how: PathRead['how'], name: string, bounds = {}): Promise<unknown> {
  const contents: unknown = JSON.parse(
    await readPaths([{ how, path: at(name) }], { roots: [`${root}/`], ...bounds }),
  );
  return (contents as Record<string, unknown>)[at(name)];
}

describe('readPaths', () => {
  it('reads a text, a link and a list', async () => {
    writeFileSync(at('size'), '2048\n');
    symlinkSync('../../devices/virtual/block/dm-1', at('253:1'));
    mkdirSync(at('slaves'));
    for (const name of ['sdb', 'sda1']) writeFileSync(at(`slaves/${name}`), '');
    expect(await read('text', 'size')).toBe('2048\n');
    expect(await read('link', '253:1')).toBe('../../devices/virtual/block/dm-1');
    expect(await read('list', 'slaves')).toBe('sda1\nsdb');
  });

  it('gives null for what is not there, or is not what it was taken for', async () => {
    writeFileSync(at('plain'), 'x');
    expect(await read('text', 'nothing')).toBeNull();
    expect(await read('text', 'plain/below')).toBeNull();
    expect(await read('link', 'plain')).toBeNull();
    expect(await read('list', 'plain')).toBeNull();
    expect(await read('text', 'slaves')).toBeNull();
  });

  it('does not cut a text, and cuts a list at a name', async () => {
    writeFileSync(at('long'), '123456789');
    expect(await read('text', 'long', { maxBytes: 9 })).toBe('123456789');
    expect(await read('text', 'long', { maxBytes: 8 })).toBeNull();
    expect(['sda1', 'sdb']).toContain(await read('list', 'slaves', { maxNames: 1 }));
  });

  it('reads a text that is longer than its first buffer, up to a limit of its own', async () => {
    const text = 'x'.repeat(70_000);
    writeFileSync(at('large'), text);
    expect(await read('text', 'large')).toBeNull();
    const path = at('large');
    const readUpTo = async (maxBytes: number): Promise<unknown> =>
      JSON.parse(await readPaths([{ how: 'text', path, maxBytes }], { roots: [`${root}/`] }))[path];
    expect(await readUpTo(70_000)).toBe(text);
    expect(await readUpTo(69_999)).toBeNull();
  });

  it('does not wait at a pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    expect(await read('text', 'pipe')).toBe('');
  });

  it('refuses paths elsewhere', async () => {
    await expect(readPaths([{ how: 'text', path: '/etc/passwd' }])).rejects.toThrow('not a path below /sys/');
    await expect(readPaths([{ how: 'text', path: '/sys/../etc/passwd' }])).rejects.toThrow(
      'not a path below',
    );
    await expect(readPaths([{ how: 'text', path: '/sys/a\0b' }])).rejects.toThrow('not a path below');
  });

  it('reads the files of this kernel, whose sizes are not known beforehand', async () => {
    const path = '/proc/sys/kernel/ostype';
    expect(JSON.parse(await readPaths([{ how: 'text', path }]))).toEqual({ [path]: 'Linux\n' });
  });

  it('is denied where nothing is open to it, and not where something is', async () => {
    chmodSync(root, 0o755);
    for (const name of ['closed', 'open']) writeFileSync(at(name), name);
    chmodSync(at('closed'), 0o000);
    const [closed, exited, open] = ['closed', 'gone', 'open'].map(
      (name) => ({ how: 'text', path: at(name) }) as const,
    );
    const bounds = { roots: [`${root}/`] };
    await asNobody(async () => {
      await expect(readPaths([closed!, exited!], bounds)).rejects.toThrow(Denied);
      const contents = await readPaths([closed!, open!], bounds);
      expect(JSON.parse(contents)).toEqual({ [at('closed')]: null, [at('open')]: 'open' });
    });
  });
});

/** Nothing is closed to root. */
async function asNobody(act: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
