import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { embeddedFiles } from './scripts/build/embedded.mjs';

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

/** Projects that start dist/main.js build it first. */
const globalSetup = 'test/support/build.ts';

/** What an `npm test` without `--project` runs. The other projects need what few machines have, or hours. */
const usual = ['unit', 'artifacts', 'e2e', 'lab'];
const isChosen = process.argv.some((word) => /^--project(=|$)/.test(word));

const lab = {
  include: ['test/lab/**/*.test.ts'],
  // After the others: a guest measures, and wants a processor of its own.
  sequence: { groupOrder: 1 },
  // A busy machine makes a guest miss its seconds. Both runs are printed.
  retry: 1,
};

const projects = [
  {
    // All that neither starts the whole program nor needs another machine.
    name: 'unit',
    include: ['test/**/*.test.ts'],
    exclude: ['test/{artifacts,e2e,lab}/**', ...nodeOnlyExcludes],
    testTimeout,
  },
  {
    // What is committed or released for others to read: alert rules, dashboards, manifests, docs, packages.
    name: 'artifacts',
    include: ['test/artifacts/**/*.test.ts'],
    exclude: nodeOnlyExcludes,
    globalSetup: [globalSetup, 'test/support/generate.ts'],
    testTimeout,
  },
  {
    // The built program and the demo, with a real Prometheus, Alertmanager and browser: minutes, most of it waiting.
    name: 'e2e',
    include: ['test/e2e/*.test.ts'],
    exclude: nodeOnlyExcludes,
    globalSetup,
    testTimeout,
  },
  { name: 'lab', ...lab, globalSetup, maxConcurrency: Math.min(2, availableParallelism()) },
  // All scenarios that check something: three hours. Some measure milliseconds, so one guest at a time.
  {
    name: 'lab-all',
    ...lab,
    maxConcurrency: 1,
    globalSetup: [globalSetup, 'test/lab/prepare-all.ts'],
    env: { THINPOOL_LAB: 'all' },
  },
  // What `npm run image` built. It installs a small Debian and builds on it: minutes, the first time.
  { name: 'image', include: ['test/e2e/image/**/*.test.ts'] },
  // It needs a Docker daemon, which not every machine can have.
  { name: 'docker-build', include: ['test/e2e/docker-build/**/*.test.ts'] },
  {
    // It makes a release, and a Debian to install it in.
    name: 'packages',
    include: ['test/e2e/packages/**/*.test.ts'],
    globalSetup: 'test/e2e/packages/make.ts',
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
];

/** As the bundler does it. Vitest takes what it has used out of the object, so each project gets one of its own. */
const define = { EMBEDDED: embeddedFiles(import.meta.dirname) };

export default defineConfig({
  test: {
    // Else one core stays idle, which of two is half of the machine: much of this waits for other programs.
    maxWorkers: '100%',
    reporters: ['default', './test/support/not-tried.ts'],
    projects: projects
      .filter(({ name }) => isChosen || usual.includes(name))
      .map((test) => ({ define: { ...define }, test })),
  },
});
