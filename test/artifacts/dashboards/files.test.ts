import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files } from '../../../dashboards/source/files.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'dashboards');

// `npm run dashboards` writes the files.
describe('files made from dashboards/source', () => {
  it.each([...files()])('%s is what the source says', async (name, text) => {
    await expect(text).toMatchFileSnapshot(join(folder, name));
  });
});
