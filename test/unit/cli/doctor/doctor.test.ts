import { describe, expect, it } from 'vitest';
import { diagnose, type Symptoms } from '../../../../src/cli/doctor/diagnose.ts';
import { renderDiagnosis, worstOf } from '../../../../src/cli/doctor/render.ts';
import { type ToolState, toolsOf } from '../../../../src/cli/tool-versions.ts';
import { collectors } from '../../../../src/collectors/index.ts';
import type { Finding } from '../../../../src/model/finding.ts';
import { rules } from '../../../../src/rules/evaluate.ts';
import { makeCollector, makeHost, makePool } from '../../../support/makers.ts';

const tools = toolsOf(collectors);
const found: readonly ToolState[] = tools.map((tool) => ({ tool, version: '1.2' }));

function makeSymptoms(parts: Partial<Symptoms> = {}): Symptoms {
  return {
    host: makeHost({ pools: [makePool()], collectors: [makeCollector()] }),
    findings: [],
    tools: found,
    rights: { uid: 0, control: 'usable' },
    collectors: [{ name: 'pools', needs: { tool: 'dmsetup' } }],
    ...parts,
  };
}

function examine(parts: Partial<Symptoms> = {}) {
  const sections = diagnose(makeSymptoms(parts));
  return { text: renderDiagnosis(sections), worst: worstOf(sections) };
}

function lacking(name: string, reason: string): ToolState[] {
  const failure = { reason, detail: `no permission to run ${name}` };
  return found.map((state): ToolState => (state.tool.of === name ? { tool: state.tool, failure } : state));
}

function makeFinding(code: string, severity: Finding['severity']): Finding {
  return { code, severity, summary: `pool p: ${code}`, advice: 'Mend it.' };
}

describe('doctor', () => {
  it('finds a host that is set up well', () => {
    const { text, worst } = examine();
    expect(worst).toBe(0);
    expect(text).toContain('ok    dmsetup: 1.2\n');
    expect(text).toContain('ok    /dev/mapper/control: accessible\n');
    expect(text).toContain('ok    configuration: no problems\n');
  });

  it.each([
    ['dmsetup', 'not-installed', 2, 'fail  dmsetup: not installed; no pool can be read without it'],
    ['docker', 'not-installed', 0, 'skip  docker: not installed\n      Provided by '],
    ['lvm', 'permission-denied', 1, 'warn  lvm: no permission to run lvm\n'],
    ['kernel', 'not-captured', 0, 'skip  kernel: not captured\n'],
  ])('knows what the tool %s that is %s means', (name, reason, level, line) => {
    const { text, worst } = examine({ tools: lacking(name, reason) });
    expect(text).toContain(line);
    expect(worst).toBe(level);
  });

  it('warns of mutes that have ended', () => {
    const { text, worst } = examine({ findingOptions: ['o.yaml:3: the mute of x ended'] });
    expect(text).toContain('Options\nwarn  findings: o.yaml:3: the mute of x ended\n');
    expect(worst).toBe(1);
  });

  it('lists the receivers of notifications, and what is wrong with their file', () => {
    const notify = {
      receivers: [{ name: 'mail', text: 'mail to ops@example.org' }],
      hasHeartbeat: true,
      problems: [],
    };
    const { text, worst } = examine({ notify });
    expect(text).toContain(`Notifications
info  mail: mail to ops@example.org
      \`thinpool-exporter notify mail\` sends a test, with the same --notify.config.file.
info  heartbeat: requests the URL of its file
`);
    expect(worst).toBe(0);
    const wrong = examine({ notify: { receivers: [], hasHeartbeat: false, problems: ['n.yml:1: wrong'] } });
    expect(wrong.text).toContain('fail  notifications: n.yml:1: wrong\n');
    expect(wrong.worst).toBe(2);
    expect(examine().text).not.toContain('Notifications');
  });

  it('says how many pools are left out', () => {
    const { text, worst } = examine({ host: makeHost({ excludedPools: 1 }) });
    expect(text).toContain('ok    pools: 1 pool is left out by --pools.include or --pools.exclude\n');
    expect(worst).toBe(0);
  });

  it('names a record that could not be read, or one of several', () => {
    const collectors = [makeCollector()];
    const odd = { collector: 'pools', reason: 'expected a, got "b"' };
    const message = (unreadable: (typeof odd)[]) =>
      examine({ host: makeHost({ pools: [makePool()], collectors, unreadable }) });
    expect(message([odd]).text).toContain(
      'warn  pools: one record could not be read and was left out: expected a, got "b"\n',
    );
    expect(message([odd, odd]).text).toContain(
      '2 records could not be read and were left out, such as: expected a',
    );
    expect(message([{ ...odd, collector: 'lvm' }]).worst).toBe(0);
  });

  it.each([
    [{ uid: 0, control: 'absent' }, 0, 'skip  /dev/mapper/control: does not exist\n'],
    [{ uid: 0, control: 'absent' }, 0, 'modprobe dm_thin_pool'],
    [{ uid: 1000, control: 'denied' }, 2, 'warn  user: user id 1000\n'],
    [{ uid: 1000, control: 'usable' }, 1, 'run as root'],
  ] as const)('says what to do with rights %j', (rights, level, words) => {
    const { text, worst } = examine({ rights });
    expect(text).toContain(words);
    expect(worst).toBe(level);
  });

  it.each([
    [{}, 0, 'ok    kernel log: readable;'],
    [
      { failure: '/dev/kmsg requires root' },
      1,
      'warn  kernel log: /dev/kmsg requires root; pools are polled at the configured interval only',
    ],
  ] as const)('says whether events trigger polls: %j', (events, level, words) => {
    const { text, worst } = examine({ events });
    expect(text).toContain(words);
    expect(worst).toBe(level);
  });

  it('says nothing of events that are not wanted', () => {
    expect(examine().text).not.toContain('kernel log');
  });

  it('leaves rights out for a captured host', () => {
    const { rights, ...rest } = makeSymptoms();
    expect(rights).toBeDefined();
    expect(renderDiagnosis(diagnose(rest))).not.toContain('Permissions');
  });

  it.each([
    [
      'failed',
      false,
      1,
      'warn  pools: failing: no answer\n      Install dmsetup, or set --collector.pools=off.\n',
    ],
    ['failed', true, 2, 'fail  pools: failing: no answer\n'],
    ['absent', false, 0, 'skip  pools: nothing to read: no answer\n'],
    ['absent', true, 0, 'skip  pools: no device-mapper on this host: no answer\n'],
    ['blocked', false, 1, 'warn  pools: skipped: a pool is sick\n'],
    ['off', false, 0, 'skip  pools: off by configuration\n'],
    ['off', true, 2, 'fail  pools: off by configuration\n'],
  ] as const)('judges a collector that is %s (it names devices: %s)', (status, discovers, level, line) => {
    const queries = [{ key: 'p', outcome: 'not-installed', failure: 'no answer' }] as const;
    const collector = makeCollector({ status, discovers, queries, blocked: 'a pool is sick' });
    const { text, worst } = examine({ host: makeHost({ collectors: [collector] }) });
    expect(text).toContain(line);
    expect(worst).toBe(level);
  });

  it('fails a collector whose command hangs', () => {
    const collector = makeCollector({ stuckSince: 940_000 });
    const { text } = examine({ host: makeHost({ collectors: [collector] }) });
    expect(text).toContain('fail  pools: a command has been hanging for 1m\n');
  });

  it('shows findings on the set-up one by one, and of others that there are some', () => {
    const findings = [makeFinding('data-full', 'critical'), makeFinding('autoextend-off', 'info')];
    const { text, worst } = examine({ findings });
    expect(text).toContain('info  autoextend-off: pool p: autoextend-off\n      Mend it.\n');
    expect(text).toContain('fail  state: 1 finding about the state of pools; worst: pool p: data-full\n');
    expect(worst).toBe(2);
  });

  it.each(rules)('shows $code on its own only where its rule is about the set-up', ({ code, about }) => {
    const { text } = examine({ findings: [makeFinding(code, 'warning')] });
    const [own, summed] = [`warn  ${code}: `, 'warn  state: 1 finding'];
    expect([own, summed].map((line) => text.includes(line))).toEqual([about === 'setup', about === 'state']);
  });

  it('skips a missing dmsetup where the kernel has no device-mapper either', () => {
    const { text, worst } = examine({
      tools: lacking('dmsetup', 'not-installed'),
      rights: { uid: 0, control: 'absent' },
    });
    expect(text).toContain('skip  dmsetup: not installed\n');
    expect(worst).toBe(0);
  });

  it('shows the limits that apply to each pool, by their origin', () => {
    const pool = makePool({
      name: 'vg/pool',
      minimumFrees: [
        { resource: 'data', origin: 'docker', bytes: 10 * 1024 ** 3 },
        { resource: 'metadata', origin: 'lvm', bytes: 4 * 1024 ** 2 },
      ],
    });
    const limits = {
      warningRatio: 0.8,
      criticalRatio: 0.955,
      lvmRefusal: 'warning',
      runsOutMs: 600_000,
    } as const;
    const { text, worst } = examine({
      host: makeHost({ pools: [pool], collectors: [makeCollector()] }),
      limits,
    });
    expect(text).toContain(`Limits
info  runs-out: critical when a pool will be full, or at its minimum free, within 10m
info  vg/pool data: nearly full from 80% used, critical from 95.5%; minimum free 10.0 GiB (docker)
info  vg/pool metadata: nearly full from 80% used, critical from 95.5%; minimum free 4.0 MiB (lvm)
`);
    expect(worst).toBe(0);
    expect(examine({ limits, host: makeHost({ collectors: [makeCollector()] }) }).text).not.toContain(
      'Limits',
    );
  });

  it('counts as set-up what is so from the first day', () => {
    expect(rules.filter(({ about }) => about === 'setup').map(({ code }) => code)).toEqual([
      'metadata-limit',
      'metadata-before-data',
      'lvm-refuses-new-volumes',
      'vg-not-changeable',
      'autoextend-no-room',
      'autoextend-never',
      'autoextend-overdue',
      'autoextend-not-monitored',
      'autoextend-off',
      'overcommitted-without-reserve',
      'loopback-in-use',
      'xfs-retries-for-ever',
      'repair-tools-missing',
      'needs-check-not-cleared',
      'repair-no-room',
      'pager-on-pool',
      'never-discards',
    ]);
  });
});
