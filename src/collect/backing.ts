import type { FileSystem } from '../model/facts.ts';
import type { Pool, Resource, StackedDevice } from '../model/host.ts';
import { known } from '../model/omit-undefined.ts';

/** The files under loop devices that hold the pool, with the room that their file systems have left. */
export function backingFilesOf(
  stack: readonly StackedDevice[],
  fileSystems: readonly FileSystem[],
): Pool['backing'] {
  return stack.flatMap(({ resource, backingFile }) => {
    if (backingFile === undefined) return [];
    const fileSystem = fileSystems.find(({ path }) => path === backingFile);
    return [known({ resource, file: backingFile, fileSystem })];
  });
}

export function fileSystemUnder(resource: Resource, backing: Pool['backing']): FileSystem | undefined {
  return backing.find((entry) => entry.resource === resource && entry.fileSystem !== undefined)?.fileSystem;
}
