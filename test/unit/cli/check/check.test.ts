import { describe, expect, it } from 'vitest';
import { renderCheck } from '../../../../src/cli/check/render.ts';
import { renderCheckJson } from '../../../../src/cli/check/render-json.ts';
import type { CheckedHost } from '../../../../src/cli/check/sample-growth.ts';
import { judge } from '../../../../src/cli/check/verdict.ts';
import type { Finding } from '../../../../src/model/finding.ts';
import { defaultLimits } from '../../../../src/rules/limits.ts';
import { makeCollector, makeHost, makePool, makeVolume } from '../../../support/makers.ts';

/** The result of a check without findings, with the given parts replaced. */
function makeCheckedHost(parts: Partial<CheckedHost> = {}): CheckedHost {
  return { host: makeHost(), findings: [], trends: [], growth: [], ...parts };
}

function makeFinding(severity: Finding['severity'], parts: Partial<Finding> = {}): Finding {
  return { code: 'data-full', severity, summary: 'pool p is full', advice: 'Extend it.', ...parts };
}

const blind = makeHost({
  discovered: false,
  collectors: [
    makeCollector({
      name: 'devices',
      discovers: true,
      status: 'failed',
      queries: [{ key: 'info', outcome: 'permission-denied', failure: 'dmsetup requires root' }],
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
    expect(verdict).toEqual({ status: 'unknown', exitCode: 3, reason: 'dmsetup requires root' });
  });

  it('is 3 where device-mapper is not to be read', () => {
    const collectors = [makeCollector({ name: 'devices', discovers: true, status: 'off' })];
    const verdict = judge({ host: makeHost({ discovered: false, collectors }), findings: [] });
    expect(verdict.reason).toBe('collector devices is off');
  });
});

describe('the text', () => {
  it('shows a healthy host', () => {
    const minimumFrees = [
      { resource: 'data', origin: 'docker', bytes: 21_474_836_480 },
      { resource: 'metadata', origin: 'derived', bytes: 99_999_999_999 },
    ] as const;
    const host = makeHost({ pools: [makePool({ minimumFrees })], collectors: [makeCollector()] });
    expect(renderCheck(makeCheckedHost({ host }))).toBe(
      "THINPOOL OK - 1 pool | 'docker-thinpool data'=17.76%;85;;0;100 'docker-thinpool metadata'=0.28%;85;;0;100\n\n" +
        'POOL             STATE       DATA               METADATA           MIN FREE  VG FREE\n' +
        'docker-thinpool  read-write  17.76% of 200 GiB  0.28% of 15.9 GiB  20.0 GiB  -\n',
    );
  });

  it('has the thresholds in the performance data', () => {
    const host = makeHost({ pools: [makePool()] });
    const limits = { ...defaultLimits, warningRatio: 0.825, criticalRatio: 0.95 };
    expect(renderCheck(makeCheckedHost({ host }), limits)).toContain('=17.76%;82.5;95;0;100');
  });

  it('begins with the worst finding and says how many more there are', () => {
    const findings = [makeFinding('critical'), makeFinding('warning'), makeFinding('info')];
    const text = renderCheck(makeCheckedHost({ host: makeHost({ pools: [makePool()] }), findings }));
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
    const textOf = (finding: Finding, growth: CheckedHost['growth'] = []) =>
      renderCheck({ host: makeHost({ pools }), findings: [finding], trends: [], growth });
    const growing = (volume: string, mib: number) => ({
      volume,
      bytesPerSecond: mib * 1024 ** 2,
      mappedBytes: 2 * mib * 1024 ** 2,
    });

    it('lists the volumes that hold the most, by the names that people know', () => {
      expect(textOf(low)).toMatch(
        /\n\nLargest volumes of p .*:\n {2}web \(nginx:1.19\) {2}6.0 MiB of 1.0 GiB\n {2}e {17}5.0 MiB of .*\n.*\n.*\n {2}b .*\n$/,
      );
      expect(textOf(low)).not.toMatch(/volumes of q/i);
    });

    it('lists those that grow instead, five at most, with their rates and for how long they were watched', () => {
      const names = ['f', 'e', 'd', 'c', 'b', 'a'];
      const fastest = names.map((name, index) => growing(name, 12 - index));
      const text = textOf(low, [{ pool: 'p', overMs: 2513, fastest }]);
      expect(text).toMatch(
        /\n\nFastest-growing volumes of p \(over 2\.5 s\):\n {2}web \(nginx:1\.19\) {2}12\.0 MiB\/s {2}24\.0 MiB of 1\.0 GiB\n {2}e {17}11\.0 MiB\/s .*\n.*\n.*\n {2}b .*\n$/,
      );
      expect(text).not.toContain('Largest');
    });

    it('says that none grew, and lists those that hold the most', () => {
      expect(textOf(low, [{ pool: 'p', overMs: 2500, fastest: [] }])).toMatch(
        /\n\nNo volume of p grew within 2\.5 s\.\nLargest volumes of p .*:\n {2}web \(nginx:1\.19\) {2}6\.0 MiB/,
      );
    });

    it('says why it is not known which grow, and lists those that hold the most', () => {
      const failure = 'pools p: timed-out, no result within 4000 ms';
      expect(textOf(low, [{ pool: 'p', failure }])).toMatch(
        /\n\nGrowth of the volumes of p is unknown because the second read failed: pools p: timed-out, no result within 4000 ms\.\nLargest volumes of p .*:\n {2}web /,
      );
    });

    it.each([
      { ...low, severity: 'info' },
      { ...low, resource: 'metadata' },
    ] as const)('but not for %j', (finding) => {
      expect(textOf(finding)).not.toMatch(/volumes of/i);
    });
  });

  it('says plainly that there is no pool, and where to see some', () => {
    const text = renderCheck(makeCheckedHost());
    expect(text).toMatch(/^THINPOOL OK - no thin pools on this host\n/);
    expect(text).toContain('thinpool-exporter demo');
  });

  it('shows what is muted, until when and why, and does not count it', () => {
    const muted = [
      {
        ...makeFinding('critical'),
        mutedUntil: '2027-01-31',
        muteEndsAt: 1,
        mutedBecause: 'disks are ordered',
      },
    ];
    const text = renderCheck(makeCheckedHost({ host: makeHost({ pools: [makePool()] }), muted }));
    expect(text).toMatch(/^THINPOOL OK - 1 pool \|/);
    expect(text).toMatch(/\nMUTED {5}\S+: .* \(muted until 2027-01-31 because disks are ordered\)\n/);
    const json = JSON.parse(renderCheckJson(makeCheckedHost({ muted })));
    expect(json.muted[0]).toMatchObject({ mutedUntil: '2027-01-31', mutedBecause: 'disks are ordered' });
    expect(json.findings).toEqual([]);
  });

  it('shows which severity an option has set, and what it was', () => {
    const set = {
      ...makeFinding('info'),
      severityWas: 'critical',
      severityBecause: 'it is a test pool',
    } as const;
    const text = renderCheck(makeCheckedHost({ host: makeHost({ pools: [makePool()] }), findings: [set] }));
    expect(text).toMatch(/^THINPOOL OK - 1 pool, 1 note \|/);
    expect(text).toContain(' (severity set by option, was critical, because it is a test pool)\n');
    const json = JSON.parse(renderCheckJson(makeCheckedHost({ findings: [set] })));
    expect(json.findings[0]).toMatchObject({ severityWas: 'critical', severityBecause: 'it is a test pool' });
  });

  it('says how many pools are left out, and then does not offer the demo', () => {
    const text = renderCheck(makeCheckedHost({ host: makeHost({ excludedPools: 2 }) }));
    expect(text).toMatch(/^THINPOOL OK - no pool of this host is watched\n/);
    expect(text).toContain('\n2 pools are left out by --pools.include or --pools.exclude.\n');
    expect(text).not.toContain('thinpool-exporter demo');
  });

  it('says why nothing is known', () => {
    const text = renderCheck(makeCheckedHost({ host: blind }));
    expect(text).toMatch(/^THINPOOL UNKNOWN - no pool data available: dmsetup requires root\n/);
    expect(text).toContain('  devices  failed  info: permission-denied, dmsetup requires root\n');
  });

  it('lets no name break the form of a line', () => {
    const pools = [makePool({ name: "a|b='c\u001b[31m" })];
    const text = renderCheck(makeCheckedHost({ host: makeHost({ pools }) }));
    expect(text.match(/\|/g)).toHaveLength(1);
    expect(text).toContain("'a_b_''c\\u001b[31m data'=17.76%");
    expect(text).not.toContain('\u001b');
  });
});

describe('the JSON', () => {
  it('has everything, by its word', () => {
    const host = makeHost({ pools: [makePool()], collectors: [makeCollector()] });
    const json = JSON.parse(renderCheckJson(makeCheckedHost({ host, findings: [makeFinding('warning')] })));
    expect(json).toMatchObject({
      status: 'warning',
      discovered: true,
      pools: [{ name: 'docker-thinpool' }],
      findings: [{ code: 'data-full' }],
      growth: [],
      collectors: [{ name: 'pools' }],
    });
  });

  it('reports for each pool that was sampled twice what grew in it, or why that is not known', () => {
    const growth = [
      { pool: 'p', overMs: 2500, fastest: [{ volume: 'a', bytesPerSecond: 5.5, mappedBytes: 65_536 }] },
      { pool: 'q', overMs: 2500, fastest: [] },
      { pool: 'r', failure: 'it was gone' },
    ];
    expect(JSON.parse(renderCheckJson(makeCheckedHost({ growth }))).growth).toEqual(growth);
  });

  it('has no list of pools where they are not known', () => {
    const json = JSON.parse(renderCheckJson(makeCheckedHost({ host: blind })));
    expect(json).toMatchObject({ status: 'unknown', reason: 'dmsetup requires root', discovered: false });
    expect(json).not.toHaveProperty('pools');
  });
});
