import { expect, test } from 'vitest';
import { backingFilesOf, roomUnder, vdoRoomUnder } from '../../../src/assemble/stack.ts';
import type { BackingFile } from '../../../src/model/facts.ts';

const file = '/srv/data';
const fileSystem = { path: file, sizeBytes: 1000, freeBytes: 100 };

function room(depth: number, parts?: Partial<BackingFile>) {
  const stack = [{ resource: 'data', depth, device: '7:0', backingFile: file }] as const;
  const backingFiles =
    parts === undefined ? [] : [{ path: file, sizeBytes: 800, allocatedBytes: 300, ...parts }];
  return roomUnder('data', backingFilesOf(stack, { fileSystems: [fileSystem], backingFiles }));
}

test('a file takes room from its file system, less what is allocated of it', () => {
  expect(room(0)).toEqual({ freeBytes: 100 });
  expect(room(0, {})).toEqual({ freeBytes: 100, allocatedBytes: 300 });
});

test('a file that is wholly allocated takes none', () => {
  expect(room(0, { allocatedBytes: 800 })).toBeUndefined();
  expect(room(2, { allocatedBytes: 900 })).toBeUndefined();
});

test('of a file that holds more than the pool it is not known whose the allocated blocks are', () => {
  expect(room(1, {})).toEqual({ freeBytes: 100 });
});

test('only the resource that lies in the file is bound by it', () => {
  expect(
    roomUnder('metadata', backingFilesOf([], { fileSystems: [fileSystem], backingFiles: [] })),
  ).toBeUndefined();
});

test('a VDO volume under a resource leaves what it has physically free', () => {
  const vdo = (usedBytes: number) =>
    ({
      resource: 'data',
      depth: 1,
      device: '253:1',
      target: 'vdo',
      layer: { target: 'vdo', readOnly: false, recovering: false, usedBytes, sizeBytes: 100 },
    }) as const;
  expect(vdoRoomUnder('data', [vdo(60), vdo(90)])).toBe(10);
  expect(vdoRoomUnder('metadata', [vdo(60)])).toBeUndefined();
  expect(
    vdoRoomUnder('data', [{ resource: 'data', depth: 0, device: '253:1', target: 'vdo' }]),
  ).toBeUndefined();
});
