import { defineConfig } from 'vitest/config';

/**
 * What other programs read, such as Prometheus, Grafana, Helm or a browser, does not depend on the version of Node; the demo
 * and the clients of the web server are slow. TEST_NODE_ONLY leaves both out.
 */
const nodeOnlyExcludes =
  process.env['TEST_NODE_ONLY'] === undefined
    ? []
    : [
        'test/unit/alerting/same-as-rules.test.ts',
        'test/artifacts/alerts/**',
        'test/artifacts/dashboards/**',
        'test/artifacts/deploy/**',
        'test/e2e/{demo,status-page,web-config}.test.ts',
      ];
const testTimeout = 20_000;

export default defineConfig({
  test: {
    // Else one core stays idle, which of two is half of the machine: much of this waits for other programs.
    maxWorkers: '100%',
    reporters: ['default', './test/support/not-tried.ts'],
    projects: [
      {
        // All that neither starts the whole program nor needs another machine.
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{artifacts,e2e,lab}/**', ...nodeOnlyExcludes],
          testTimeout,
        },
      },
      {
        // What is committed or released for others to read: alert rules, dashboards, manifests, docs, packages.
        test: {
          name: 'artifacts',
          include: ['test/artifacts/**/*.test.ts'],
          exclude: nodeOnlyExcludes,
          testTimeout,
        },
      },
      {
        // The built program and the demo, with a real Prometheus, Alertmanager and browser: minutes, most of it waiting.
        test: { name: 'e2e', include: ['test/e2e/*.test.ts'], exclude: nodeOnlyExcludes, testTimeout },
      },
      {
        // Apart, as it installs a small Debian and builds on it: minutes, the first time.
        test: { name: 'image', include: ['test/e2e/image/**/*.test.ts'] },
      },
      {
        // Apart, as it needs a Docker daemon, which not every machine can have: `npm run test:docker-build`.
        test: { name: 'docker-build', include: ['test/e2e/docker-build/**/*.test.ts'] },
      },
      {
        // Apart, as it makes a release and a Debian to install it in: `npm run test:package`.
        test: {
          name: 'packages',
          include: ['test/e2e/packages/**/*.test.ts'],
          globalSetup: 'test/e2e/packages/make.ts',
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
