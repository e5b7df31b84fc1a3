import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/model/finding.ts';
import type { Snapshot } from '../../../../src/model/host.ts';
import type { Pool } from '../../../../src/model/pool.ts';
import { projectRunbooks } from '../../../../src/model/project.ts';
import { rules } from '../../../../src/rules/evaluate.ts';
import { defaultLimits } from '../../../../src/rules/limits.ts';
import { runbookOf } from '../../../../src/rules/runbooks.ts';
import { pagePolicy } from '../../../../src/web/status-page/csp.ts';
import { renderPage } from '../../../../src/web/status-page/page.ts';
import {
  makeCollector,
  makeHost,
  makePool,
  makeSnapshot,
  makeSpace,
  makeUnknownPool,
} from '../../../support/makers.ts';
import { cases, tracker } from '../../../support/status-page-cases.ts';
import { makeSpaceTrend, makeTrend } from '../../../support/trends.ts';

const now = 1_000_000;

function render(
  snapshot: Partial<Snapshot> = {},
  reasons: readonly string[] = [],
  limits = defaultLimits,
): string {
  const whole = makeSnapshot(snapshot);
  const deps = {
    version: '1.2.3',
    hostName: 'node1',
    telemetryPath: '/metrics',
    limits: () => limits,
    now: () => now,
  };
  return renderPage({ ...deps, latest: () => whole, readiness: () => reasons }).markup;
}

function renderPools(...pools: readonly Pool[]): string {
  return render({ host: makeHost({ pools }) });
}

/** What a reader sees of it: no tags, no style, no script, one space between words. */
function words(markup: string): string {
  return markup
    .replaceAll(/<(style|script)>.*?<\/\1>/gs, ' ')
    .replaceAll(/<title>.*?<\/title>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

const order = (markup: string): (string | undefined)[] =>
  [...markup.matchAll(/<article .*?<bdi>(?<name>.*?)<\/bdi>/gs)].map(({ groups }) => groups?.['name']);

const named = (name: string, parts: Partial<Pool> = {}): Pool =>
  makePool({ name, dmName: name, device: `253:${name.length}`, ...parts });

function finding(parts: Partial<Finding>): Finding {
  const { code = 'low-water-mark-passed' } = parts;
  const alert = rules.find((rule) => rule.code === code)?.alert;
  const runbook = alert && { runbook: runbookOf(alert) };
  return { code, severity: 'warning', summary: 'Sum.', advice: 'Act.', ...runbook, ...parts };
}

describe('what a pool shows', () => {
  it('is how full it is, in what state, and how old that is', () => {
    const text = words(renderPools(makePool()));
    expect(text).toContain('healthy docker-thinpool read-write');
    expect(text).toContain('Data 17.76% 35.5 GiB of 200 GiB, 164 GiB left');
    expect(text).toContain('Status read 3s ago');
  });

  it('is that the rest is unknown, and no number for it', () => {
    const late = { collector: 'pools', since: now - 60_000, degree: 'stuck' } as const;
    const text = words(renderPools(makeUnknownPool({ late })));
    expect(text).toContain('docker-thinpool is in an unknown state');
    expect(text).toContain('Data unknown Metadata unknown');
    expect(text).toContain('VG free space unknown Autoextend unknown');
    expect(text).toContain('Status read never, or data expired old collector pools stuck for 1m');
    expect(text).not.toContain('%');
  });

  it('is what was last known, marked as old', () => {
    const { counters, state } = makePool();
    const lastKnown = { state: state!, counters: counters!, takenAt: now - 90_000 };
    const markup = renderPools(makeUnknownPool({ lastKnown }));
    expect(words(markup)).toContain('unknown, last read 1m30s ago: read-write');
    expect(words(markup)).toContain('Data unknown old 17.76% when last read, 1m30s ago');
    expect(markup).toContain('aria-label="data: 17.76% used when last read"');
  });

  it('is the VG reserve against the next step', () => {
    const volumeGroup = {
      vgName: 'vg',
      sizeBytes: 100 << 20,
      freeBytes: 1 << 20,
      extentBytes: 4 << 20,
      pvNames: [],
    };
    const step = {
      resource: 'data',
      stepBytes: 8 << 20,
      neededBytes: 8 << 20,
      shortfallBytes: 7 << 20,
    } as const;
    const autoextend = { enabled: true, thresholdPercent: 80, stepPercent: 20, steps: [step] };
    const text = words(renderPools(makePool({ volumeGroup, autoextend })));
    expect(text).toContain('VG free space 1.0 MiB of 100 MiB free in vg');
    expect(text).toContain('Autoextend by 20% above 80%; data needs 8.0 MiB, the VG is 7.0 MiB short');
  });
});

it('says what is muted, until when and why', () => {
  const muted = [
    {
      ...finding({ pool: 'docker-thinpool', severity: 'critical' }),
      mutedUntil: '2027-01-31',
      muteEndsAt: 1,
      mutedBecause: 'disks <are> ordered',
    },
  ];
  const markup = render({ host: makeHost({ pools: [makePool()] }), muted });
  expect(words(markup)).toContain('docker-thinpool is healthy');
  expect(markup).toContain(
    '<code>low-water-mark-passed</code>: Sum. (muted until 2027-01-31 because disks &lt;are&gt; ordered)',
  );
});

it('says which severity an option has set, and what it was', () => {
  const set = {
    ...finding({ pool: 'docker-thinpool', severity: 'warning' }),
    severityWas: 'critical',
    severityBecause: 'a <test> pool',
  } as const;
  const markup = render({ host: makeHost({ pools: [makePool()] }), findings: [set] });
  expect(markup).toContain('severity set by option, was critical, because a &lt;test&gt; pool');
  const usual = render({
    host: makeHost({ pools: [makePool()] }),
    findings: [finding({ pool: 'docker-thinpool' })],
  });
  expect(usual).not.toContain('set by option');
});

it('says how many pools are left out', () => {
  expect(words(render({ host: makeHost({ excludedPools: 2 }) }))).toContain(
    'This host 2 pools are left out by --pools.include or --pools.exclude.',
  );
  expect(words(render({ host: makeHost({ excludedPools: 2 }) }))).toContain(
    'No pool of this host is watched',
  );
  expect(render({ host: makeHost({ excludedPools: 0 }) })).not.toContain('left out');
});

describe('marks', () => {
  const space = makeSpace(500, 1000, 65_536);
  const table = { ...makePool().table, lowWaterBlocks: 200 };
  const autoextend = { enabled: true, thresholdPercent: 70, stepPercent: 20, steps: [] };
  const minimumFrees = [{ resource: 'data', origin: 'docker', bytes: 100 * 65_536 }] as const;
  const pool = makePool({ data: space, table, autoextend, minimumFrees });
  const bar = (of: Pool): string =>
    /aria-label="(?<says>data: [^"]*)"/.exec(renderPools(of))?.groups?.['says'] ?? '';

  it('are the threshold, the low water mark and the minimum free, in words too', () => {
    expect(bar(pool)).toBe(
      'data: 50.00% used; 70.00%: LVM autoextends above 70%; 80.00%: low water mark at 12.5 MiB free; 90.00%: minimum free 6.3 MiB (Docker); 85.00%: nearly full (warning) above 85%; 98.00%: nearly full (critical) above 98%',
    );
  });

  it('are marked as exceeded', () => {
    const data = makeSpace(910, 1000, 65_536);
    expect(bar({ ...pool, data }).match(/, passed/g)).toHaveLength(4);
    expect(renderPools({ ...pool, data })).toContain('class="used critical"');
  });

  it.each([
    [690, 'healthy'],
    [750, 'near'],
    [860, 'warning'],
    [916, 'short'],
    [981, 'critical'],
    [1000, 'critical'],
  ])('colour a pool with %d of 1000 blocks used: %s', (used, colour) => {
    const data = makeSpace(used, 1000, 65_536);
    const markup = renderPools({ ...pool, minimumFrees: [], data });
    expect(/<svg class="bar".*?class="used (?<colour>[\w]+)"/s.exec(markup)?.groups?.['colour']).toBe(colour);
  });

  it('are only the limits of findings where nothing is set, or known, or the low water mark is nonsense', () => {
    const only =
      'data: 50.00% used; 85.00%: nearly full (warning) above 85%; 98.00%: nearly full (critical) above 98%';
    expect(bar(makePool({ data: space, table: { ...table, lowWaterBlocks: 5000 } }))).toBe(only);
    expect(
      bar({
        ...pool,
        table: { ...table, lowWaterBlocks: 0 },
        minimumFrees: [],
        autoextend: { ...autoextend, enabled: false },
      }),
    ).toBe(only);
  });

  it('show the limits that the operator has set, and the colour of the one that is exceeded', () => {
    const limits = { ...defaultLimits, warningRatio: 0.4, criticalRatio: 0.45 };
    const markup = render({ host: makeHost({ pools: [makePool({ data: space })] }) }, [], limits);
    expect(markup).toContain(
      '40.00%: nearly full (warning) above 40%, passed; 45.00%: nearly full (critical) above 45%, passed',
    );
    expect(markup).toContain('class="used critical"');
  });

  it('are nearer to full in a large pool, where little of it is much', () => {
    const data = makeSpace(500, 1000, 1024 ** 3);
    expect(bar(makePool({ data }))).toContain('nearly full (critical) above 98.4%');
    expect(bar(makePool({ data: makeSpace(500_000, 1_000_000, 1024 ** 2) }))).toContain(
      'nearly full (critical) above 99.9%',
    );
  });

  it('show where the space under a loop file ends', () => {
    const data = { ...space, availableBytes: 100 * 65_536 };
    expect(bar(makePool({ data, table: { ...table, lowWaterBlocks: 0 } }))).toContain(
      '60.00%: the file system under the loop file is full here (6.3 MiB left)',
    );
  });

  it('exist for metadata where the kernel reports it, besides the reserve that it counts as used', () => {
    const counters = { ...makePool().counters!, metadataBlocks: 2000, metadataLowWaterBlocks: 500 };
    const text = renderPools(makePool({ counters, metadata: makeSpace(300, 2000, 4096) }));
    expect(text).toContain('metadata: 15.00% used; 85.00%: low water mark at 1.2 MiB free');
  });

  it('show that the minimum free is the last one that a silent Docker reported', () => {
    expect(bar({ ...pool, minimumFreeReportedAt: 1 })).toContain(
      'minimum free 6.3 MiB (Docker, as last reported)',
    );
  });
});

describe('how long', () => {
  const minimumFrees = [{ resource: 'data', origin: 'docker', bytes: 20 * 1024 ** 3 }] as const;
  const pool = makePool({ minimumFrees });
  const left = (parts: object, of = pool): string => {
    const trends = [{ pool: of.name, fastest: [], data: makeSpaceTrend(of.data!, 1024 ** 2, parts) }];
    const markup = render({ host: makeHost({ pools: [of] }), trends });
    return words(/<p class="left (?:time|state)">.*?<\/p>/s.exec(markup)?.[0] ?? '').trim();
  };

  it('has no rate of growth for a full pool, which is full', () => {
    const full = makePool({ data: makeSpace(100, 100, 65_536) });
    const text = words(render({ host: makeHost({ pools: [full] }) }));
    expect(text.match(/Growth rate not known yet/g)).toHaveLength(1);
    expect(text).toContain('Full Metadata');
  });

  it('is the time to the minimum free and to full', () => {
    expect(left({ secondsToMinimumFree: 250, secondsToFull: 7300 })).toBe(
      '4m10s to minimum free (data) full in 2h1m',
    );
  });

  it('is nothing precise about what is far away', () => {
    expect(left({ secondsToFull: 1e9 }, makePool())).toBe('months to full (data)');
  });

  it('is that free space is below the minimum, or the pool full', () => {
    expect(left({ secondsToFull: 60 }, { ...pool, data: makeSpace(3_000_000, 3_276_800, 65_536) })).toBe(
      '1m to full (data) below minimum free now',
    );
    expect(
      left({ secondsToFull: undefined }, { ...pool, data: makeSpace(3_000_000, 3_276_800, 65_536) }),
    ).toBe('below minimum free data too early to say: at this rate full in 4h48m');
    expect(left({}, { ...pool, minimumFrees: [], data: makeSpace(3_276_800, 3_276_800, 65_536) })).toBe(
      'full data',
    );
  });

  it('is not final where LVM will extend the pool, unless a limit is passed', () => {
    const step = { resource: 'data', stepBytes: 1, neededBytes: 1, shortfallBytes: 0 } as const;
    const autoextend = { enabled: true, thresholdPercent: 80, stepPercent: 20, steps: [step] };
    const lvm = { vgName: 'vg', lvName: 'pool', role: 'pool', monitored: true } as const;
    expect(left({ secondsToFull: 600 }, makePool({ lvm, autoextend }))).toBe(
      '10m to full (data) LVM can extend it before that',
    );
    const low = [{ resource: 'data', origin: 'docker', bytes: 190 * 1024 ** 3 }] as const;
    expect(left({ secondsToFull: 600 }, makePool({ lvm, autoextend, minimumFrees: low }))).toBe(
      '10m to full (data) below minimum free now',
    );
  });

  it('is less urgent where LVM will extend the pool', () => {
    const step = { resource: 'data', stepBytes: 1, neededBytes: 1, shortfallBytes: 0 } as const;
    const autoextend = { enabled: true, thresholdPercent: 80, stepPercent: 20, steps: [step] };
    const lvm = { vgName: 'vg', lvName: 'pool', role: 'pool', monitored: true } as const;
    const urgency = (secondsToFull: number, of: Pool): string | undefined => {
      const trends = [{ pool: of.name, fastest: [], data: makeSpaceTrend(of.data!, 1, { secondsToFull }) }];
      return /<h1 class="(?<level>\w+)">/.exec(render({ host: makeHost({ pools: [of] }), trends }))?.groups?.[
        'level'
      ];
    };
    expect(urgency(600, makePool({ lvm, autoextend }))).toBe('healthy');
    expect(urgency(600, makePool({ lvm, autoextend: { ...autoextend, thresholdPercent: 100 } }))).toBe(
      'filling',
    );
    expect(
      urgency(600, makePool({ lvm, autoextend: { ...autoextend, steps: [{ ...step, shortfallBytes: 1 }] } })),
    ).toBe('filling');
    expect(urgency(600, makePool({ lvm: { ...lvm, monitored: false }, autoextend }))).toBe('filling');
  });

  it('is "not filling up" if nothing grows, and unknown if the rate is', () => {
    const host = makeHost({ pools: [pool] });
    const shown = (data?: number, metadata?: number) =>
      words(
        render({
          host,
          trends: [
            {
              ...(metadata === undefined ? {} : makeTrend(pool, 'metadata', metadata)),
              ...(data === undefined ? {} : makeTrend(pool, 'data', data)),
              ...(metadata === undefined ? {} : { metadata: makeSpaceTrend(pool.metadata!, metadata) }),
              pool: pool.name,
              fastest: [],
            },
          ],
        }),
      );
    expect(shown(0, -5)).toContain('not filling up');
    expect(shown(0)).toContain('time left unknown');
    expect(words(render({ host }))).toContain('time left unknown');
    expect(shown(0, 1)).not.toContain('not filling up');
  });

  it('is shown with the rate, and drawn', () => {
    const trends = [makeTrend(pool, 'data', 2 * 1024 ** 2)];
    const markup = render({ host: makeHost({ pools: [pool] }), trends });
    expect(words(markup)).toContain('Grows by 2.0 MiB/s over the last 5m, full in 23h23m');
    expect(markup).toContain(
      'aria-label="data: from 17.47% to 17.76% in 5m; lowest 17.47%, highest 17.76%; low water mark at 99.00%; minimum free at 90.00%; warning above 85.00%; critical above 99.50%"',
    );
    expect(words(markup)).toContain('100% 0% 5m ago now');
  });

  it('is where the latest growth would lead, if it is too early for a forecast', () => {
    const points = [0, 5].map((seconds) => ({
      at: now + seconds * 1000,
      usedBytes: pool.data!.usedBytes - (5 - seconds) * 2 ** 30,
      sizeBytes: pool.data!.sizeBytes,
    }));
    const trends = [{ pool: pool.name, fastest: [], data: { points } }];
    const text = words(render({ host: makeHost({ pools: [makePool()] }), trends }));
    expect(text).toContain(
      'healthy docker-thinpool read-write too early to say at this rate full in 2m44s (data)',
    );
    expect(text).toContain('Too early to say: at this rate full in 2m44s');
    expect(text).not.toContain('not filling up');
  });

  it('is what the finding says, everywhere on the card', () => {
    const trends = [makeTrend(pool, 'data', 1024 ** 2)];
    const findings = [
      finding({ pool: pool.name, resource: 'data', target: 'full', secondsLeft: 46, severity: 'critical' }),
    ];
    const text = words(render({ host: makeHost({ pools: [makePool()] }), findings, trends }));
    expect(text).toContain('46s to full (data)');
    expect(text).toContain(', full in 46s');
    expect(text).not.toContain('46h');
  });

  it('is drawn with a gap where no poll was made', () => {
    const { points } = makeSpaceTrend(pool.data!, 1000);
    const broken = points.map((point, at) => (at === 20 ? { ...point, afterGap: true as const } : point));
    const trends = [{ pool: pool.name, fastest: [], data: { points: broken } }];
    expect(render({ host: makeHost({ pools: [pool] }), trends }).match(/<polyline/g)).toHaveLength(2);
  });

  it.each([
    [5 * 1024 ** 2, 'Grows by 5.0 MiB/s'],
    [-50_000, 'Shrinks by 2.9 MiB/min'],
    [500, 'Grows by 1.7 MiB/h'],
    [50, 'Grows by 4.1 MiB/day'],
    [1, 'Grows by less than 1 MiB/day'],
    [0, 'Steady'],
  ])('%d bytes a second are: %s', (rate, message) => {
    const trends = [makeTrend(pool, 'data', rate)];
    expect(words(render({ host: makeHost({ pools: [pool] }), trends }))).toContain(message);
  });
});

describe('the order', () => {
  it('is worst first: trouble, then what ends soonest, then what cannot be seen', () => {
    const pools = [
      named('healthy'),
      named('unseen', { state: 'readable' }),
      named('grows'),
      named('warned'),
      named('broken', { state: 'failed' }),
    ].map((pool) => (pool.name === 'unseen' ? makeUnknownPool({ ...pool }) : pool));
    const findings = [
      finding({ code: 'pool-failed', severity: 'critical', pool: 'broken' }),
      finding({ pool: 'warned' }),
    ];
    const trends = [
      { pool: 'grows', fastest: [], data: makeSpaceTrend(pools[2]!.data!, 1, { secondsToFull: 600 }) },
    ];
    const markup = render({ host: makeHost({ pools }), findings, trends });
    expect(order(markup)).toEqual(['broken', 'warned', 'unseen', 'grows', 'healthy']);
    expect(words(markup)).toContain('broken needs attention now');
    expect(markup).toContain('<title>critical: broken · node1 · thin pools</title>');
  });

  it('is, among the same trouble, by what ends soonest', () => {
    const pools = [named('slow'), named('swift')];
    const findings = pools.map(({ name }) => finding({ pool: name }));
    const trends = pools.map((pool) => ({
      pool: pool.name,
      fastest: [],
      data: makeSpaceTrend(pool.data!, 1, { secondsToFull: pool.name === 'slow' ? 90_000 : 80_000 }),
    }));
    expect(order(render({ host: makeHost({ pools }), findings, trends }))).toEqual(['swift', 'slow']);
  });

  it.each([
    [601, 'filling', 'a is filling up'],
    [7200, 'filling', 'a is filling up'],
    [7201, 'healthy', 'a is healthy'],
  ])('takes an end in %d s for %s', (secondsToFull, urgency, message) => {
    const trends = [{ pool: 'a', fastest: [], data: makeSpaceTrend(makePool().data!, 1, { secondsToFull }) }];
    const markup = render({ host: makeHost({ pools: [named('a')] }), trends });
    expect(markup).toContain(`<h1 class="${urgency}"><bdi>${message}</bdi></h1>`);
  });
});

describe('findings', () => {
  it('say what to do, since when, and where to read on', () => {
    const findings = [
      finding({ pool: 'docker-thinpool', resource: 'data', since: now - 60_000, lastKnown: true }),
    ];
    const markup = render({ host: makeHost({ pools: [makePool()] }), findings });
    expect(words(markup)).toContain(
      'warning Sum. Do: Act. Runbook for low-water-mark-passed, in a new tab low-water-mark-passed , data, for 1m old last known state, may have ended',
    );
    expect(markup).toContain('href="/runbooks/ThinPoolAutoextendIdle"');
  });

  it('link to the runbook of the exporter itself, unless an option names others', () => {
    const linked = (runbook: string) => render({ findings: [finding({ runbook })] });
    expect(linked(projectRunbooks.replace('{alert}', 'ThinPoolFull'))).toContain(
      'href="/runbooks/ThinPoolFull" target="_blank"',
    );
    expect(linked('https://wiki.example/ThinPoolFull.md')).toContain(
      'href="https://wiki.example/ThinPoolFull.md"',
    );
  });

  it('show the commands of an advice as such', () => {
    const advice = 'Run `lvextend -L +SIZE vg0/<data>`, now.';
    expect(render({ findings: [finding({ advice })] })).toContain(
      'Run <span class="command"><code>lvextend -L +SIZE vg0/&lt;data&gt;</code><span class="unseen">,</span></span> now.',
    );
  });

  it('are folded behind the worst one, and counted', () => {
    const findings = [
      finding({ severity: 'critical', pool: 'docker-thinpool', summary: 'First.' }),
      finding({ pool: 'docker-thinpool', summary: 'Second.' }),
      finding({ severity: 'info', pool: 'docker-thinpool', summary: 'Third.' }),
    ];
    const markup = render({ host: makeHost({ pools: [makePool()] }), findings });
    const [, folded = ''] = /<details id="pool-253-2-findings">(.*?)<\/details>/s.exec(markup) ?? [];
    expect(words(folded)).toMatch(/^ 1 more warning, 1 more note warning Second\..*note Third\./);
    expect(folded).not.toContain('First.');
  });

  it('that page are each in sight with their runbook, the worst in full, the others as lines that open', () => {
    const findings = ['pool-failed', 'tasks-hang-in-storage', 'tasks-hang-in-storage'].map((code, at) =>
      finding({ code, severity: 'critical', pool: 'docker-thinpool', summary: `${code} ${at}` }),
    );
    const markup = render({ host: makeHost({ pools: [makePool()] }), findings });
    expect(markup).not.toContain('id="pool-253-2-findings"');
    expect(markup).toContain('<p class="what"><b class="severity">critical</b> pool-failed 0</p>');
    const lines = [
      ...markup.matchAll(
        /<li class="critical" id="(?<id>[^"]*)"><details><summary class="what">(?<what>.*?)<\/summary>/g,
      ),
    ];
    expect(lines.map(({ groups }) => `${groups?.['id']}: ${words(groups?.['what'] ?? '').trim()}`)).toEqual([
      'pool-253-2-findings-tasks-hang-in-storage--: critical tasks-hang-in-storage 1',
      'pool-253-2-findings-tasks-hang-in-storage---1: critical tasks-hang-in-storage 2',
    ]);
    expect(markup).toContain('href="/runbooks/ThinPoolFailed"');
    expect(markup).toContain('href="/runbooks/ThinPoolTasksHang"');
  });

  it('that are pending are lines where something worse is known', () => {
    const pending = [
      { ...finding({ pool: 'docker-thinpool', summary: 'Soon.' }), since: now, reportedAt: now + 60_000 },
    ];
    const findings = [finding({ severity: 'critical', pool: 'docker-thinpool' })];
    const host = makeHost({ pools: [makePool()] });
    const line = /<summary class="what">(?<what>.*?)<\/summary>/;
    expect(words(line.exec(render({ host, findings, pending }))?.groups?.['what'] ?? '')).toContain(
      'warning Soon. pending, reported in 1m',
    );
    expect(render({ host, pending })).not.toMatch(line);
  });

  it('that are pending say when they are reported, and the pool is not healthy', () => {
    const pending = [
      {
        ...finding({ code: 'pool-suspended', severity: 'critical', pool: 'docker-thinpool' }),
        since: now - 10_000,
        reportedAt: now + 20_000,
      },
    ];
    const markup = render({ host: makeHost({ pools: [makePool()] }), pending });
    expect(words(markup)).toContain('docker-thinpool may need attention soon');
    expect(words(markup)).toContain('pending docker-thinpool read-write');
    expect(words(markup)).toContain('critical Sum. pending, reported in 20s Do: Act. Runbook');
    expect(markup).toContain('<title>pending: docker-thinpool · node1 · thin pools</title>');
    expect(markup).toContain('href="/runbooks/ThinPoolSuspended"');
  });

  it('that are pending notes are folded, and change no judgement', () => {
    const note = {
      ...finding({ severity: 'info', pool: 'docker-thinpool' }),
      since: now,
      reportedAt: now + 1,
    };
    const markup = render({ host: makeHost({ pools: [makePool()] }), pending: [note] });
    expect(words(markup)).toContain('docker-thinpool is healthy');
    expect(words(markup)).toContain('1 pending note');
  });

  it('that are pending for the host are shown there', () => {
    const pending = [{ ...finding({ summary: 'Host.' }), since: now, reportedAt: now + 60_000 }];
    const text = words(render({ host: makeHost({ pools: [makePool()] }), pending }));
    expect(text).toContain('The host may need attention soon');
    expect(text).toContain('Host. pending, reported in 1m');
  });

  it('about the host, or a pool that is gone, stand apart, first where they are worst', () => {
    const findings = [
      finding({ code: 'pool-missing', severity: 'critical', pool: 'gone' }),
      finding({ summary: 'Host.' }),
    ];
    const missingPools = [{ name: 'gone', lastSeenAt: now - 600_000 }];
    const markup = render({ host: makeHost({ pools: [makePool()], missingPools }), findings });
    expect(words(markup)).toContain('The host needs attention now');
    expect(words(markup)).toContain('Pool gone has disappeared. Last seen 10m ago.');
    expect(markup.indexOf('id="host"')).toBeLessThan(markup.indexOf('id="pools"'));
    const calmer = render({
      host: makeHost({ pools: [makePool()] }),
      findings: [finding({ severity: 'info', summary: 'Host.' })],
    });
    expect(calmer.indexOf('id="host"')).toBeGreaterThan(calmer.indexOf('id="pools"'));
    expect(words(calmer)).toContain('docker-thinpool is healthy');
  });
});

describe('volumes', () => {
  const pool = makePool({
    volumes: [
      {
        name: 'vg-root',
        knownAs: { kind: 'lvm', name: 'root' },
        device: '253:7',
        suspended: false,
        sizeBytes: 1e9,
        mappedBytes: 1024 ** 2,
      },
      {
        name: 'docker-1',
        knownAs: { kind: 'docker-container', name: 'web', image: 'nginx:1' },
        device: '253:8',
        suspended: false,
        sizeBytes: 1e9,
        mappedBytes: 2 * 1024 ** 2,
      },
      { name: 'empty', device: '253:9', suspended: false, sizeBytes: 1e9, mappedBytes: 0 },
    ],
  });
  const fastest = ['vg-root', ...'abcdefg'].map((volume, at) => ({
    volume,
    bytesPerSecond: (8 - at) * 1024 ** 2,
    mappedBytes: 1024 ** 3,
  }));

  it('are the five that grow fastest, by the name that people know', () => {
    const trends = [{ pool: pool.name, fastest }];
    const text = words(render({ host: makeHost({ pools: [pool] }), trends }));
    expect(text).toContain('Volume Rate Mapped root vg-root 8.0 MiB/s 1.0 GiB a 7.0 MiB/s');
    expect(text).toContain(' d 4.0 MiB/s');
    expect(text).not.toContain(' e 3.0 MiB/s');
  });

  it('have the ids of containers cut to what Docker shows of them', () => {
    const trends = [
      {
        pool: pool.name,
        fastest: [
          { volume: `docker-8:1-7-${'0123456789abcdef'.repeat(4)}`, bytesPerSecond: 1, mappedBytes: 1 },
        ],
      },
    ];
    expect(words(render({ host: makeHost({ pools: [pool] }), trends }))).toContain(
      ' docker-8:1-7-0123456789ab… ',
    );
  });

  it('show what would free space, with the command', () => {
    const text = words(render({ host: makeHost({ pools: [pool] }) }));
    expect(text).toContain('What would free space Remove or trim Frees');
    expect(text).toMatch(/root \(volume\) .*lvremove .* at most 1\.0 MiB/);
  });

  it('show what was measured, and how old that is', () => {
    const takenAt = 1_000_000 - 10 * 60_000;
    const measured = { dmName: pool.dmName, uuid: 'LVM-a-tpool', device: '1:2', bootId: 'b' } as const;
    const volumes = [{ deviceId: 9, mappedBlocks: 16, exclusiveBlocks: 8 }];
    const exclusive = { spaces: [{ ...measured, takenAt, blockBytes: 65_536, volumes }], outcomes: [] };
    const pools = [
      { ...pool, uuid: 'LVM-a-tpool', volumes: pool.volumes.map((one) => ({ ...one, deviceId: 9 })) },
    ];
    const text = words(render({ host: makeHost({ pools, exclusive }) }));
    expect(text).toMatch(/root \(volume\) [^0-9]*512 KiB .*Without &quot;at most&quot;: measured 10m ago\./);
    expect(words(render({ host: makeHost({ pools: [pool], exclusive }) }))).not.toContain('measured');
  });

  it('are, where none grows, those that map most', () => {
    const text = words(render({ host: makeHost({ pools: [pool] }) }));
    expect(text).toContain(
      'counted in each) Volume Mapped container web ( nginx:1 ) docker-1 2.0 MiB root vg-root 1.0 MiB Managed by LVM, device 253:2 VG free space',
    );
    expect(text).not.toContain('empty');
  });

  it('that do not grow are not among them', () => {
    const trends = [{ pool: pool.name, fastest: [{ volume: 'a', bytesPerSecond: 0, mappedBytes: 1 }] }];
    expect(render({ host: makeHost({ pools: [pool] }), trends })).not.toContain('Fastest growing');
  });
});

describe('the page', () => {
  const healthyPools = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      named(`p${String(at).padStart(2, '0')}`, { device: `253:${at}` }),
    );
  const kinds = (markup: string): readonly string[] =>
    [...markup.matchAll(/<article class="pool (?<kind>\w+ \w+)"/g)].map(
      ({ groups }) => groups?.['kind'] ?? '',
    );

  it('names the host, and says how many pools are in which state', () => {
    const pools = healthyPools(4);
    const findings = ['p02', 'p03'].map((pool) => finding({ pool, severity: 'critical' }));
    const markup = render({ host: makeHost({ pools }), findings });
    expect(markup).toContain('<title>2 critical · node1 · thin pools</title>');
    expect(words(markup)).toContain(
      'node1 thin pools 2 of 4 pools need attention now 2 critical 2 healthy As of 1970',
    );
    expect(words(render({ host: makeHost({ pools }) }))).toContain('All 4 pools are healthy As of 1970');
  });

  it('says what its links lead to', () => {
    const links = [...render().matchAll(/<a href="(?<href>[^"]*)">(?<text>[^<]*)<\/a>/g)];
    expect(links.map(({ groups }) => `${groups?.['href']}: ${groups?.['text']}`)).toEqual([
      '/runbooks: Runbooks',
      '/metrics: Metrics (text)',
      '/api/v1/pools: Pools (JSON)',
      '/api/v1/findings: Findings (JSON)',
      '/api/v1/collectors: Collectors (JSON)',
      '/-/ready: Readiness (text)',
    ]);
  });

  it('has cards for few pools', () => {
    expect(kinds(renderPools(...healthyPools(3)))).toEqual(Array(3).fill('card healthy'));
  });

  it('has a line for each healthy one of many, and a card for the others', () => {
    const findings = [finding({ pool: 'p03' })];
    const markup = render({ host: makeHost({ pools: healthyPools(4) }), findings });
    expect(kinds(markup)).toEqual(['card warning', 'row healthy', 'row healthy', 'row healthy']);
    expect(words(markup)).toContain('Healthy (3) Pool Data Metadata Time left Data growth');
    expect(words(markup)).toContain('healthy p00 data 17.76% metadata 0.28% time left unknown');
  });

  it('has in a line the time left, of data if nothing else is said, and the growth with its sign', () => {
    const pools = healthyPools(4);
    const trends = [
      makeTrend(pools[0]!, 'data', 100_000),
      makeTrend(pools[1]!, 'data', -100_000),
      makeTrend(pools[2]!, 'metadata', 100),
    ];
    const text = words(render({ host: makeHost({ pools }), trends }));
    expect(text).toContain('20d10h to full data growth +5.7 MiB/min');
    expect(text).toContain('data growth −5.7 MiB/min');
    expect(text).toContain('months to full (metadata) data growth –');
  });

  it('has what fills a pool that runs out before its details, and within them if the pool does not', () => {
    const pool = makePool();
    const fastest = [{ volume: 'a', bytesPerSecond: 1024 ** 2, mappedBytes: 1 }];
    const parts = (severity: Finding['severity']) => {
      const findings = [finding({ pool: pool.name, severity })];
      const trends = [{ pool: pool.name, fastest }];
      return render({ host: makeHost({ pools: [pool] }), findings, trends }).split('<summary>Details');
    };
    const [before, within] = parts('critical');
    expect(before).toContain('Fastest growing volumes');
    expect(within).not.toContain('Fastest growing volumes');
    const [calm, folded] = parts('warning');
    expect(calm).not.toContain('Fastest growing volumes');
    expect(folded).toContain('Fastest growing volumes');
  });

  it('has five cards at most, and lines with the worst finding for the rest', () => {
    const pools = healthyPools(12);
    const findings = pools
      .map(({ name }) => finding({ pool: name, summary: `${name} is bad.` }))
      .slice(0, 11);
    const markup = render({ host: makeHost({ pools }), findings });
    expect(kinds(markup)).toEqual([
      ...Array(5).fill('card warning'),
      ...Array(6).fill('row warning'),
      'row healthy',
    ]);
    expect(words(markup)).toContain('6 more, worst first');
    expect(words(/<summary>.*?p10.*?<\/summary>/s.exec(markup)?.[0] ?? '')).toContain('p10 is bad.');
  });

  it('has in the line of a healthy pool what is special about it', () => {
    const pools = [...healthyPools(4), named('asleep', { presence: 'inactive' as never, device: '253:77' })];
    const findings = [finding({ pool: 'p01', severity: 'info' })];
    const [, ...lines] = render({ host: makeHost({ pools }), findings }).split('<summary>');
    const line = (name: string) =>
      words(lines.find((one) => one.includes(`>${name}<`))?.split('</summary>')[0] ?? '');
    expect(line('p01')).toContain('1 note');
    expect(line('p02')).not.toContain('note');
    expect(line('asleep')).toContain('not active nothing on it can be used');
  });
});

describe('a pool that is not active', () => {
  it('has no space, unless it was read before', () => {
    const { data, metadata, counters, state, device, ...rest } = makePool();
    const pool: Pool = { ...rest, presence: 'inactive' };
    const findings = [finding({ code: 'pool-inactive', pool: pool.name })];
    const text = words(render({ host: makeHost({ pools: [pool] }), findings }));
    expect(text).toContain('warning docker-thinpool not active nothing on it can be used');
    expect(text).not.toContain('Data unknown');
    const lastKnown = { state: state!, counters: counters!, takenAt: now - 90_000 };
    const before = words(render({ host: makeHost({ pools: [{ ...pool, lastKnown }] }), findings }));
    expect(before).toContain('not active, last read 1m30s ago: read-write');
    expect(before).toContain('old 17.76% when last read');
  });
});

describe('commands', () => {
  const advised = (advice: string): string =>
    /<b>Do:<\/b> (?<advice>.*?) <a /s.exec(render({ findings: [finding({ advice })] }))?.groups?.['advice'] ??
    '';

  it('stand in lines of their own, without punctuation to be seen, but for half a pair of brackets', () => {
    expect(advised('Find it (`pvs -a`; cables). If it is lost: `vgreduce --removemissing vg`.')).toBe(
      'Find it <span class="command">(<code>pvs -a</code>;</span> cables). If it is lost: <span class="command"><code>vgreduce --removemissing vg</code><span class="unseen">.</span></span>',
    );
    expect(advised('Find out (`cat /proc/1/stack`): a lock.')).toBe(
      'Find out <span class="command"><span class="unseen">(</span><code>cat /proc/1/stack</code><span class="unseen">):</span></span> a lock.',
    );
    expect(advised('It is out (see `lvs -a`).')).toBe(
      'It is out (see <span class="command"><code>lvs -a</code>).</span>',
    );
  });

  it('are not what is only a name', () => {
    expect(advised('Run `fstrim`, or `lvs -a`.')).toBe(
      'Run <code>fstrim</code>, or <span class="command"><code>lvs -a</code><span class="unseen">.</span></span>',
    );
  });
});

describe('the chart', () => {
  const hour = 3_600_000;
  const pool = makePool();
  const at = (agoMs: number, share: number, afterGap?: true) => ({
    at: now - agoMs,
    usedBytes: share * pool.data!.sizeBytes,
    sizeBytes: pool.data!.sizeBytes,
    ...(afterGap === undefined ? {} : { afterGap }),
  });
  const chart = (...points: ReturnType<typeof at>[]): string =>
    /<div class="chart.*?<\/div>/s.exec(
      render({
        host: makeHost({ pools: [pool] }),
        trends: [{ pool: pool.name, fastest: [], data: { points } }],
      }),
    )?.[0] ?? '';

  it('covers the minutes that are known, up to an hour', () => {
    expect(words(chart(at(20_000, 0.8), at(0, 0.9)))).toBe(' 100% 75% 1m ago now ');
    expect(words(chart(at(200_000, 0.6), at(0, 0.9)))).toBe(' 100% 50% 5m ago now ');
    expect(words(chart(at(200_000, 0.51), at(0, 0.9)))).toBe(' 100% 25% 5m ago now ');
    expect(words(chart(at(hour + 1000, 0.1), at(hour / 2, 0.3), at(0, 0.3)))).toBe(' 100% 25% 1h ago now ');
  });

  it('is drawn to scale', () => {
    expect(chart(at(60_000, 0), at(30_000, 0.5), at(0, 1))).toContain(
      'points="0.0,40.0 100.0,20.0 200.0,0.0"',
    );
  });

  it('has a gap where nothing is known, also at its end, and says so', () => {
    const broken = chart(at(300_000, 0.2), at(200_000, 0.3), at(100_000, 0.4, true), at(50_000, 0.45));
    expect(broken.match(/points="[^"]*"/g)).toEqual([
      'points="0.0,32.0 66.7,28.0"',
      'points="133.3,24.0 166.7,22.0"',
    ]);
    expect(broken).toContain('data: from 20.00% to 45.00% in 4m10s; lowest 20.00%, highest 45.00%; 1 gap; ');
  });

  it('is none of a single poll, or of polls that are long ago', () => {
    expect(chart(at(0, 0.5))).toBe('');
    expect(chart(at(3 * hour, 0.5), at(2 * hour, 0.6))).toBe('');
    expect(chart(at(2 * hour, 0.5), at(0, 0.6))).toBe('');
  });

  it('has the limits that are in its range', () => {
    const low = chart(at(10_000, 0.2), at(0, 0.2));
    expect(low.match(/class="limit [\w-]+"/g)).toEqual([
      'class="limit low-water"',
      'class="limit warning"',
      'class="limit critical"',
    ]);
    expect(low).toContain('<path class="limit warning" vector-effect="non-scaling-stroke" d="M0 6.0H200"/>');
  });
});

describe('the host', () => {
  it('without a pool is not one that was not read', () => {
    expect(words(render())).toContain('This host has no thin pools');
    const text = words(render({ host: makeHost({ discovered: false }) }, ['dmsetup is missing']));
    expect(text).not.toContain('no thin pools');
    expect(text).toContain('No pool data available');
    expect(text).toContain('Not ready: dmsetup is missing');
  });

  it('has collectors with their ages and troubles', () => {
    const collectors = [
      makeCollector(),
      makeCollector({
        name: 'docker',
        status: 'failed',
        lastSuccessAt: now - 50_000,
        queries: [{ key: 'info', outcome: 'exited', failure: 'exit code 1' }],
      }),
      makeCollector({ name: 'lvm', stuckSince: now - 120_000 }),
      makeCollector({ name: 'kmsg', blocked: 'it would hang' }),
    ];
    const markup = render({ host: makeHost({ collectors }) });
    expect(markup).toContain('<a href="/api/v1/collectors/pools">pools</a>');
    expect(words(markup)).toContain(
      'pools ok 3s ago docker failed info: exited, exit code 1 50s ago old lvm ok stuck in the kernel for 2m',
    );
    expect(words(markup)).toContain('kmsg ok skipped: it would hang');
    expect(words(markup)).toContain('Collectors 1 failed, 3 ok Collector (JSON) State');
  });

  it('has its collectors folded unless one has trouble', () => {
    const folded = (...collectors: ReturnType<typeof makeCollector>[]) =>
      render({ host: makeHost({ collectors }) }).includes('<details id="collectors-all"><summary>');
    expect(folded(makeCollector(), makeCollector({ status: 'absent' }))).toBe(true);
    expect(folded(makeCollector(), makeCollector({ status: 'failed' }))).toBe(false);
    expect(folded(makeCollector({ stuckSince: 1 }))).toBe(false);
    expect(folded(makeCollector({ lastSuccessAt: now - 50_000 }))).toBe(false);
  });

  it('is marked as old if it is not updated', () => {
    const old = render({ host: makeHost({ takenAt: now - 11_000, pools: [makePool()] }) });
    expect(words(old)).toContain('UTC old 11s ago: the exporter has stopped updating');
    expect(old).toContain(
      '<h1 class="unknown"><bdi>docker-thinpool is healthy</bdi> <small>as of 11s ago</small></h1>',
    );
    expect(old).toContain('<main class="old">');
    expect(old).toContain('<title>out of date: ');
    expect(render()).not.toContain('<main class="old">');
    expect(words(render())).toContain('As of 1970-01-01 00:16:40 UTC Reload');
  });
});

describe('words from outside', () => {
  const evil = `<script>alert(1)</script>"'&`;

  it('are escaped, every one', () => {
    const volumeGroup = { vgName: evil, sizeBytes: 1, freeBytes: 1, extentBytes: 1, pvNames: [] };
    const lvs = [
      {
        name: evil,
        knownAs: { kind: 'docker-image', name: `${evil}lv`, image: evil },
        device: '253:7',
        suspended: false,
        sizeBytes: 1,
      } as const,
    ];
    const pool = makePool({ name: evil, volumeGroup, volumes: lvs });
    const host = makeHost({
      pools: [pool],
      missingPools: [{ name: evil, lastSeenAt: 0 }],
      collectors: [makeCollector({ name: evil, queries: [{ key: evil, outcome: 'exited', failure: evil }] })],
    });
    const findings = [{ ...finding({ code: evil, pool: evil, summary: evil, advice: evil }) }];
    const trends = [{ pool: evil, fastest: [{ volume: evil, bytesPerSecond: 1, mappedBytes: 1 }] }];
    const markup = render({ host, findings, trends }, [evil]);
    expect(markup.match(/<script/g)).toHaveLength(1);
    expect(markup).not.toContain('alert(1)</script>');
    expect(markup.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;/g)?.length).toBeGreaterThan(
      12,
    );
  });

  it('cannot turn the direction of the text around them', () => {
    const turned = 'safe\u202Eexe.\u2066x\u200F';
    const markup = renderPools(makePool({ name: turned }));
    expect(markup).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200E\u200F]/);
    expect(markup).toContain('safe\\u202eexe.\\u2066x\\u200f');
  });
});

describe('what it needs', () => {
  it('is its own style sheet and script, and the policy allows nothing else', () => {
    const markup = renderPools(makePool());
    const hash = (tag: string) => {
      const text = new RegExp(`<${tag}>(.*)</${tag}>`, 's').exec(markup)?.[1] ?? '';
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    expect(pagePolicy).toBe(
      `default-src 'none'; style-src ${hash('style')}; script-src ${hash('script')}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(markup).not.toMatch(/ style=| on\w+=|<img|<link|<iframe| src=/);
  });

  it('is a few milliseconds for 50 pools and 2,000 volumes, of what a phone can fetch', async () => {
    const { latest, readiness } = await cases[tracker]!();
    const deps = {
      version: '1',
      hostName: 'node1',
      telemetryPath: '/metrics',
      limits: () => defaultLimits,
      now: () => now,
      latest,
      readiness,
    };
    for (let warm = 0; warm < 5; warm += 1) renderPage(deps);
    const times = Array.from({ length: 15 }, () => {
      const before = process.cpuUsage();
      renderPage(deps);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    const { markup } = renderPage(deps);
    const quickest = Math.min(...times);
    console.info(
      `50 pools: ${quickest.toFixed(1)} ms of a processor, ${Math.round(markup.length / 1024)} KiB`,
    );
    expect(quickest).toBeLessThan(50);
    expect(markup.length).toBeLessThan(400 * 1024);
    expect(order(markup)).toHaveLength(50);
  });
});
