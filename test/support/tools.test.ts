import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderNotTried } from './not-tried.ts';
import { findTool, howToGet, needing, tool, unmet } from './tools.ts';

const tests = path.resolve(import.meta.dirname, '..');

/** What every Debian has, and what the two commands need anyway. Everything else belongs to the table in tools.ts. */
const alwaysThere = [
  'bash',
  'cp',
  'echo',
  'find',
  'git',
  'mkfifo',
  'stat',
  'npm',
  'sh',
  'sha256sum',
  'truncate',
  'umount',
];
/** Of Debian's own tools, in tests that need a Debian anyway: the lab and the packages. */
const onDebian = ['apt-get', 'chroot', 'dpkg-deb', 'dpkg-query', 'mke2fs', 'unshare'];

function spawnedIn(file: string): readonly string[] {
  const text = readFileSync(path.join(tests, file), 'utf8');
  const calls =
    /\b(?:spawn|spawnSync|execFile|execFileSync|execa|promisify\(execFile\))\(\s*'(?<program>[^']+)'/g;
  return [...text.matchAll(calls)].map(({ groups }) => groups?.['program'] ?? '');
}

describe('programs that tests run', () => {
  // The guest of the lab brings its own.
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/^lab\/(?:guest|scenarios)\//.test(file))
    .toSorted();

  it('are found in this sweep', () => {
    expect(files.flatMap(spawnedIn).length).toBeGreaterThan(15);
  });

  it('are on every machine, or named by the table of tools', () => {
    const known = new Set([...alwaysThere, ...onDebian]);
    const strange = files.flatMap((file) =>
      spawnedIn(file)
        .filter((program) => !known.has(program))
        .map((program) => `${file} runs ${program}: use tool('${program}') and describeWith or itWith`),
    );
    expect(strange).toEqual([]);
  });
});

describe('a tool', () => {
  it('is searched for on PATH under all of its names', () => {
    expect(findTool('alertmanager', '')).toBeUndefined();
    expect(findTool('curl', path.dirname(process.execPath) + path.delimiter)).not.toBe('curl');
    expect(tool('promtool')).toMatch(/promtool$/);
  });

  it('that is missing is reported with what installs it, each package once', () => {
    expect(howToGet(['promtool', 'prometheus', 'helm', 'kubectl', 'root'])).toEqual([
      'apt-get install --no-install-recommends prometheus',
      'npm run tools',
      'run the tests as root',
    ]);
  });

  it('is one thing, and who runs the tests another', () => {
    expect(unmet(['root'])).toEqual(process.getuid?.() === 0 ? [] : ['root']);
  });
});

describe('what was not tried', () => {
  it('is counted by what is missing, and reported with the commands', () => {
    const names = [
      ...['a', 'b'].map((name) => `${needing('rules', ['promtool'])} > ${name}`),
      needing('TLS', ['openssl', 'curl']),
      'skipped for another reason',
    ];
    expect(renderNotTried(names)).toBe(
      [
        'Not tried here: 3 tests, for want of promtool (2), openssl (1), curl (1).',
        'To try them:     apt-get install --no-install-recommends prometheus openssl curl',
      ].join('\n'),
    );
  });

  it('is nothing where all was', () => {
    expect(renderNotTried(['skipped for another reason'])).toBe('');
  });
});

describe('tests of the .rpm', () => {
  const folder = path.join(tests, 'e2e/packages');
  const uses = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(path.join(folder, file), 'utf8');
      return [...text.matchAll(/made\.rpm|openRpmHost\(/g)].map(
        ({ index }) => [file, text.slice(0, index)] as const,
      );
    });

  it('are found in this sweep', () => {
    expect(new Set(uses.map(([file]) => file))).toEqual(new Set(['readme.test.ts', 'rpm.test.ts']));
  });

  // Without it there is no .rpm: the release is made all the same.
  it.each(uses.map(([file, before], at) => [`${file}, use ${at + 1}`, before] as const))(
    'need rpmbuild: %s',
    (_, before) => {
      const guards = [/describeWith\([^)]*\)/g, /\bit(?:With\([^)]*\))?\(/g].map(
        (guard) => before.match(guard)?.at(-1) ?? '',
      );
      expect(guards.join(' ')).toContain("'rpmbuild'");
    },
  );
});
