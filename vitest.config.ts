import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/lab/**',
            'test/show/**',
            'test/image/**',
            'test/access/program.test.ts',
            'node_modules/**',
            '**/dist/**',
          ],
          testTimeout: 20_000,
        },
      },
      {
        // Apart, as it is slow: a real Prometheus, and clients whose patience is tried.
        test: { name: 'access', include: ['test/access/program.test.ts'] },
      },
      {
        // Apart, as it does nothing but wait for three minutes: the pace of alerts is that of their rules.
        test: { name: 'show', include: ['test/show/**/*.test.ts'] },
      },
      {
        // Apart, as it installs a small Debian and builds on it: minutes, the first time.
        test: { name: 'image', include: ['test/image/**/*.test.ts'] },
      },
      {
        // After the others, and one scenario at a time: a guest measures, and wants a processor of its own. What fails is
        // run once more, as a busy machine makes a guest miss its seconds; both runs are printed.
        test: { name: 'lab', include: ['test/lab/**/*.test.ts'], sequence: { groupOrder: 1 }, retry: 1 },
      },
    ],
  },
});
