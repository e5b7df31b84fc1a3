import { expect, it } from 'vitest';
import { renderOptionsPage } from '../../scripts/docs/options-page.ts';
import { collectors } from '../config/collectors.ts';

it('is what docs/options.md says', async () => {
  await expect(renderOptionsPage(collectors)).toMatchFileSnapshot('../../docs/options.md');
});
