import { expect, it } from 'vitest';
import { renderOptionsPage } from '../../../scripts/docs/options-page.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { load } from '../../../src/config/load.ts';

it('shows an example that loads', () => {
  const yaml = /```yaml\n(.*?)```/s.exec(renderOptionsPage(collectors))?.[1] ?? '';
  const loaded = load({ argv: ['--config.file=x'], environment: {}, readText: () => yaml, collectors });
  expect(loaded).toMatchObject({
    kind: 'run',
    config: { logLevel: 'warn', collectors: { docker: { mode: 'off' }, lvm: { intervalMs: 120_000 } } },
  });
});
