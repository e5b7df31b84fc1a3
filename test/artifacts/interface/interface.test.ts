import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  compareInterfaces,
  describeInterface,
  type Interface,
  untold,
} from '../../../scripts/release/interface/interface.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const folder = path.join(project, 'docs/interface');

function lastRelease(): { readonly version: string; readonly promised: Interface } {
  const versions = readdirSync(folder).map((file) => path.basename(file, '.json'));
  const version = versions.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? '';
  return { version, promised: JSON.parse(readFileSync(path.join(folder, `${version}.json`), 'utf8')) };
}

// A removal wants a line in CHANGELOG.md; `npm run interface` belongs to making a release.
it('names in the changelog everything that the last release promised and this one has dropped', () => {
  const { version, promised } = lastRelease();
  const changelog = readFileSync(path.join(project, 'CHANGELOG.md'), 'utf8');
  expect(Object.keys(promised.metrics).length).toBeGreaterThan(50);
  expect(untold(compareInterfaces(promised, describeInterface()), changelog, version)).toEqual([]);
});

const before: Interface = {
  metrics: {
    thinpool_a_bytes: { type: 'gauge', labels: ['pool', 'device'] },
    thinpool_b_total: { type: 'counter', labels: [] },
  },
  options: { '--web.path': '/metrics', '--web.path-old': null },
  commands: ['check', 'capture DIR'],
  findings: ['pool-failed', 'data-full'],
  answers: { '/api/v1/pools': ['takenAt', 'pools.name'] },
};

describe('what is broken', () => {
  it('is nothing when only something was added', () => {
    const now = {
      metrics: { ...before.metrics, thinpool_c: { type: 'gauge', labels: [] } },
      options: { ...before.options, '--new': 'x' },
      commands: ['serve', ...before.commands],
      findings: [...before.findings, 'x'],
      answers: { '/api/v1/pools': ['takenAt', 'pools.name', 'pools.x'], '/api/v1/x': ['y'] },
    };
    expect(compareInterfaces(before, now)).toEqual([]);
  });

  it('is each metric, label, type, option, default, command, code and key', () => {
    const now: Interface = {
      metrics: { thinpool_a_bytes: { type: 'counter', labels: ['pool'] } },
      options: { '--web.path': '/other' },
      commands: ['check', 'capture FILE'],
      findings: ['pool-failed'],
      answers: { '/api/v1/pools': ['takenAt'] },
    };
    expect(compareInterfaces(before, now).map(({ what }) => what)).toEqual([
      'metric thinpool_a_bytes is a counter, not a gauge',
      'metric thinpool_a_bytes lost its label device',
      'metric thinpool_b_total is gone',
      'option --web.path is /other by default, not /metrics',
      'option --web.path-old is gone',
      'command capture DIR is gone',
      'finding data-full is gone',
      '/api/v1/pools lost its key pools.name',
    ]);
  });
});

describe('a line of the changelog', () => {
  const broken = [{ what: 'gone', words: ['--web.path'] }];
  const recognised = (line: string) =>
    untold(broken, `# Changelog\n\n## Unreleased\n\n${line}\n\n## 0.1.0\n\n- --web.path\n`, '0.1.0')
      .length === 0;

  it.each(['- `--web.path` is gone.', '- Gone:\n  --web.path, long since.'])('recognises: %s', (line) => {
    expect(recognised(line)).toBe(true);
  });

  it.each(['- Nothing.', '- `--web.path-old` is gone.', '- `--web.path.more` is gone.'])(
    'does not recognise: %s',
    (line) => {
      expect(recognised(line)).toBe(false);
    },
  );

  it('has to name both, where it takes two words', () => {
    const label = [{ what: 'lost', words: ['thinpool_a_bytes', 'device'] }];
    expect(untold(label, '- thinpool_a_bytes\n- device\n', '0.1.0')).toEqual(['lost']);
    expect(untold(label, '- thinpool_a_bytes has no device\n', '0.1.0')).toEqual([]);
  });
});
