import { createDirectory } from '../../src/io/new-directory.ts';
import { type Recorded, writeRecorded } from '../../src/io/record.ts';

/** Writes a captured host in a new or empty directory, and gives the directory. */
export async function writeHost(path: string, recorded: readonly Recorded[]): Promise<string> {
  const dir = await createDirectory(path);
  await writeRecorded(dir, recorded);
  await dir.close();
  return path;
}
