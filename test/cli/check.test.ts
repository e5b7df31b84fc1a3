import { describe, expect, it } from 'vitest';
import { renderCheck } from '../../src/cli/render-check.ts';
import { renderCheckJson } from '../../src/cli/render-check-json.ts';
import { judge } from '../../src/cli/verdict.ts';
import type { Finding } from '../../src/model/finding.ts';
import { makeHost, makePool, makeSource, makeVolume } from '../support/makers.ts';

function makeFinding(severity: Finding['severity'], parts: Partial<Finding> = {}): Finding {
  return { code: 'data-full', severity, summary: 'pool p is full', advice: 'Extend it.', ...parts };
}

const blind = makeHost({
  discovered: false,
  sources: [
    makeSource({
      name: 'devices',
      namesThings: true,
      status: 'failed',
      questions: [{ key: 'info', outcome: 'permission-denied', failure: 'dmsetup needs root' }],
    }),
  ],
});

describe('the exit code', () => {
  it.each([
    ['ok', 0, []],
    ['ok', 0, [makeFinding('info')]],
    ['warning', 1, [makeFinding('info'), makeFinding('warning')]],
    ['critical', 2, [makeFinding('warning'), makeFinding('critical')]],
  ] as const)('is that of %s: %i', (status, exitCode, findings) => {
    expect(judge({ host: makeHost(), findings })).toEqual({ status, exitCode });
  });

  it('is 3 where device-mapper was not read, whatever else was found', () => {
    const verdict = judge({ host: blind, findings: [makeFinding('critical')] });
    expect(verdict).toEqual({ status: 'unknown', exitCode: 3, reason: 'dmsetup needs root' });
  });

  it('is 3 where device-mapper is not to be read', () => {
    const sources = [makeSource({ name: 'devices', namesThings: true, status: 'off' })];
    const verdict = judge({ host: makeHost({ discovered: false, sources }), findings: [] });
    expect(verdict.reason).toBe('collector devices is off');
  });
});

describe('the text', () => {
  it('shows a healthy host', () => {
    const floors = [
      { resource: 'data', origin: 'docker', bytes: 21_474_836_480 },
      { resource: 'metadata', origin: 'derived', bytes: 99_999_999_999 },
    ] as const;
    const host = makeHost({ pools: [makePool({ floors })], sources: [makeSource()] });
    expect(renderCheck({ host, findings: [] })).toBe(
      "THINPOOL OK - 1 pool | 'docker-thinpool data'=17.76%;;;0;100 'docker-thinpool metadata'=0.28%;;;0;100\n\n" +
        'POOL             STATE       DATA               METADATA           FLOOR     VG FREE\n' +
        'docker-thinpool  read-write  17.76% of 200 GiB  0.28% of 15.9 GiB  20.0 GiB  -\n',
    );
  });

  it('begins with the worst finding and says how many more there are', () => {
    const findings = [makeFinding('critical'), makeFinding('warning'), makeFinding('info')];
    const text = renderCheck({ host: makeHost({ pools: [makePool()] }), findings });
    expect(text).toMatch(/^THINPOOL CRITICAL - pool p is full, and 1 more \| /);
    expect(text).toContain('\nWARNING   data-full: pool p is full\n          Extend it.\n');
  });

  describe('of a pool that runs short of data', () => {
    const volumes = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, index) => ({
      ...makeVolume('253:9'),
      name,
      mappedBytes: (index + 1) * 1024 ** 2,
    }));
    const web = { kind: 'docker-container', name: 'web', image: 'nginx:1.19' } as const;
    const unread = { ...makeVolume('253:9'), name: 'unread' };
    const pools = [
      makePool({
        name: 'p',
        volumes: [...volumes.slice(0, 5), { ...volumes[5], knownAs: web }, unread] as never,
      }),
      makePool({ name: 'q', volumes }),
    ];
    const low = { ...makeFinding('warning'), pool: 'p', resource: 'data' } as const;
    const textOf = (finding: Finding) => renderCheck({ host: makeHost({ pools }), findings: [finding] });

    it('lists the volumes that hold the most, by the names that people know', () => {
      expect(textOf(low)).toMatch(
        /\n\nVolumes of p that hold the most, .*:\n {2}web \(nginx:1.19\) {2}6.0 MiB of 1.0 GiB\n {2}e {17}5.0 MiB of .*\n.*\n.*\n {2}b .*\n$/,
      );
      expect(textOf(low)).not.toContain('Volumes of q');
    });

    it.each([
      { ...low, severity: 'info' },
      { ...low, resource: 'metadata' },
    ] as const)('but not for %j', (finding) => {
      expect(textOf(finding)).not.toContain('Volumes of');
    });
  });

  it('says plainly that there is no pool, and where to see some', () => {
    const text = renderCheck({ host: makeHost(), findings: [] });
    expect(text).toMatch(/^THINPOOL OK - this host has no thin pool\n/);
    expect(text).toContain('npm run demo');
  });

  it('says why nothing is known', () => {
    const text = renderCheck({ host: blind, findings: [] });
    expect(text).toMatch(/^THINPOOL UNKNOWN - nothing is known of pools: dmsetup needs root\n/);
    expect(text).toContain('  devices  failed  info: permission-denied, dmsetup needs root\n');
  });

  it('lets no name break the form of a line', () => {
    const pools = [makePool({ name: "a|b='c\u001b[31m" })];
    const text = renderCheck({ host: makeHost({ pools }), findings: [] });
    expect(text.match(/\|/g)).toHaveLength(1);
    expect(text).toContain("'a_b_''c\\u001b[31m data'=17.76%");
    expect(text).not.toContain('\u001b');
  });
});

describe('the JSON', () => {
  it('has everything, by its word', () => {
    const host = makeHost({ pools: [makePool()], sources: [makeSource()] });
    const json = JSON.parse(renderCheckJson({ host, findings: [makeFinding('warning')] }));
    expect(json).toMatchObject({
      status: 'warning',
      discovered: true,
      pools: [{ name: 'docker-thinpool' }],
      findings: [{ code: 'data-full' }],
      sources: [{ name: 'pools' }],
    });
  });

  it('has no list of pools where they are not known', () => {
    const json = JSON.parse(renderCheckJson({ host: blind, findings: [] }));
    expect(json).toMatchObject({ status: 'unknown', reason: 'dmsetup needs root', discovered: false });
    expect(json).not.toHaveProperty('pools');
  });
});
