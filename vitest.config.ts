import { defineConfig } from 'vitest/config';

/** What other programs read, such as Prometheus, Grafana, Helm or a browser, does not depend on the version of Node. */
const readByOthers = [
  'test/unit/alerting/**',
  'test/alerts/**',
  'test/dashboards/**',
  'test/deploy/**',
  'test/e2e/status-page.test.ts',
];

export default defineConfig({
  test: {
    // Else one core stays idle, which of two is half of the machine: much of this waits for other programs.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/lab/**',
            'test/show/**',
            'test/image/**',
            'test/docker-build/**',
            'test/install/**',
            'test/access/program.test.ts',
            'node_modules/**',
            '**/dist/**',
            ...(process.env['TEST_NODE_ONLY'] === undefined ? [] : readByOthers),
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
        // Apart, as it needs a Docker daemon, which not every machine can have: `npm run test:docker-build`.
        test: { name: 'docker-build', include: ['test/docker-build/**/*.test.ts'] },
      },
      {
        // Apart, as it makes a release and a Debian to install it in: `npm run test:package`.
        test: {
          name: 'package',
          include: ['test/install/**/*.test.ts'],
          globalSetup: 'test/install/make.ts',
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
      {
        // After the others, and one scenario at a time: a guest measures, and wants a processor of its own. What fails is
        // run once more, as a busy machine makes a guest miss its seconds; both runs are printed.
        test: { name: 'lab', include: ['test/lab/**/*.test.ts'], sequence: { groupOrder: 1 }, retry: 1 },
      },
    ],
  },
});
