import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderCheck } from '../../../src/cli/check/render.ts';
import { judge } from '../../../src/cli/check/verdict.ts';
import { diagnose } from '../../../src/cli/doctor/diagnose.ts';
import { renderDiagnosis, worstOf } from '../../../src/cli/doctor/render.ts';
import { reportHost } from '../../../src/cli/report-host.ts';
import { readVersions } from '../../../src/cli/tool-versions.ts';
import { Slots } from '../../../src/collect/concurrency.ts';
import { Monitor } from '../../../src/collect/monitor.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { failure, type Read } from '../../../src/io/read.ts';
import { replayHost } from '../../../src/io/replay.ts';
import { createExposition } from '../../../src/metrics/exposition.ts';
import { defaultLimits } from '../../../src/rules/limits.ts';
import { readiness } from '../../../src/rules/readiness.ts';
import { makeHost } from '../../support/makers.ts';
import { capturedAt, hostsDir } from '../../support/replayed.ts';
import { serve } from '../web/serving.ts';

it('a host whose pools are all left out is not one without pools', () => {
  const host = makeHost({ excludedPools: 2 });
  const logged: unknown[] = [];
  const log = (...line: readonly unknown[]) => void logged.push(line);
  reportHost(host, { info: log, warn: log });
  expect(logged).toEqual([
    [{ excluded: 2 }, 'No pool of this host is watched; see --pools.include and --pools.exclude'],
  ]);
  const text = renderCheck({ host, findings: [], trends: [], growth: [] });
  expect(text).toContain('2 pools are left out by --pools.include or --pools.exclude.');
  expect(text).not.toContain('thinpool-exporter demo');
});

interface Absence {
  readonly host: string;
  /** Tools that are not installed. */
  readonly missing: readonly string[];
  readonly control: 'usable' | 'absent';
  /** Collectors that find nothing to read; what the captured host has no output of counts as well. */
  readonly absent: readonly string[];
  readonly ready: string;
  readonly check: readonly [exitCode: number | undefined, text: RegExp];
  readonly doctor: readonly [exitCode: number | undefined, line: RegExp];
  readonly page: readonly string[];
  readonly log: string;
}

const demo = 'simulates a host with pools that fill up';
const noDriver = 'no device-mapper on this host: this kernel has no device-mapper driver loaded';
const noDmsetup = 'no device-mapper on this host: dmsetup is not on the PATH';

const absences: Readonly<Record<string, Absence>> = {
  'no /dev/mapper/control': {
    host: 'lab-no-dm',
    missing: ['docker'],
    control: 'absent',
    absent: ['devices', 'docker'],
    ready: `ready\n${noDriver}\n`,
    check: [3, new RegExp(`^THINPOOL UNKNOWN - ${noDriver}\n`)],
    doctor: [0, new RegExp(`^skip {2}devices: ${noDriver}$`, 'm')],
    page: ['This host has no device-mapper', noDriver, 'thinpool-exporter doctor', demo],
    log: 'No device-mapper on this host',
  },
  'dmsetup is not installed': {
    host: 'lab-no-dm',
    missing: ['dmsetup', 'lvs', 'vgs', 'lvm', 'docker'],
    control: 'absent',
    absent: ['devices', 'docker', 'lvm', 'lvmpolicy'],
    ready: `ready\n${noDmsetup}\n`,
    check: [3, new RegExp(`^THINPOOL UNKNOWN - ${noDmsetup}\n`)],
    doctor: [0, new RegExp(`^skip {2}devices: ${noDmsetup}$`, 'm')],
    page: ['This host has no device-mapper', noDmsetup, 'thinpool-exporter doctor', demo],
    log: 'No device-mapper on this host',
  },
  'no LVM': {
    host: 'lab-raw',
    missing: ['lvs', 'vgs', 'lvm', 'docker'],
    control: 'usable',
    absent: ['docker', 'lvm', 'lvmpolicy', 'mounts', 'pagers', 'traffic'],
    ready: 'ready\n',
    check: [undefined, /^ +lvm +absent +lvs: not-installed, lvs is not on the PATH$/m],
    doctor: [undefined, /^skip {2}lvm: nothing to read: lvs is not on the PATH$/m],
    page: ['absent'],
    log: 'Monitoring thin pools',
  },
  'no Docker': {
    host: 'lab-healthy',
    missing: ['docker'],
    control: 'usable',
    absent: ['docker', 'mounts', 'pagers', 'traffic'],
    ready: 'ready\n',
    check: [undefined, /^THINPOOL (?!UNKNOWN)/],
    doctor: [undefined, /^skip {2}docker: not installed$/m],
    page: ['absent'],
    log: 'Monitoring thin pools',
  },
  'no pools': {
    host: 'lab-empty',
    missing: ['docker'],
    control: 'usable',
    absent: ['docker'],
    ready: 'ready\n',
    check: [0, /^THINPOOL OK - no thin pools on this host\n/],
    doctor: [0, /^skip {2}pools: no thin pools on this host$/m],
    page: ['This host has no thin pools'],
    log: 'No thin pools on this host',
  },
};

/** A captured host on which more tools are missing. */
function readWithout(host: string, missing: readonly string[]): Read {
  const replayed = replayHost(join(hostsDir, host), () => capturedAt);
  return (input, place, bounds) => {
    const program = 'command' in input ? input.command[0] : 'engine' in input ? 'docker' : undefined;
    if (program !== undefined && missing.includes(program)) {
      const result = Promise.resolve(failure('not-installed', `${program} is not on the PATH`));
      return { result, exited: result.then(() => undefined) };
    }
    // Its PID file is read without a tool; the captures of the lab say that there is none.
    if (place.collector === 'dmeventd') {
      const output = { stdout: '', stderr: '', exitCode: 0, takenAt: capturedAt };
      return { result: Promise.resolve({ ok: true, output }), exited: Promise.resolve() };
    }
    // The captures of the lab are older than this collector: no volume has a user that a file names.
    if (place.collector === 'names') {
      const output = { stdout: '', stderr: '', exitCode: 1, takenAt: capturedAt };
      return { result: Promise.resolve({ ok: true, output }), exited: Promise.resolve() };
    }
    return replayed(input, place, bounds);
  };
}

async function look({ host: name, missing, control }: Absence) {
  const warned: string[] = [];
  const noted: string[] = [];
  const log = {
    warn: (fields: object, message = '') => void warned.push(`${message} ${JSON.stringify(fields)}`),
    info: (_: object, message = '') => void noted.push(message),
  };
  const read = readWithout(name, missing);
  const monitor = new Monitor({
    collectors: collectors.map((collector) => ({ collector, mode: 'auto', settings: collector.defaults })),
    queryOptions: { segMonitor: 'auto' },
    read,
    slots: new Slots(8),
    now: () => capturedAt,
    log,
    assemble: { maxVolumes: 2000, minimumFree: [] },
    keepOutputs: false,
    missingRetentionMs: 3_600_000,
  });
  const snapshot = await monitor.collectOnce();
  const { host, findings } = snapshot;
  reportHost(host, log);
  const sections = diagnose({
    host,
    findings,
    tools: await readVersions(collectors, read),
    rights: { uid: 0, control },
    collectors,
    limits: defaultLimits,
  });
  const { get } = await serve({
    latest: () => snapshot,
    now: () => capturedAt,
    readiness: () => readiness(host),
    metrics: {
      render: createExposition(
        () => snapshot,
        '1',
        () => capturedAt,
      ),
    },
  });
  const ready = await get('/-/ready');
  const page = await (await get('/')).text();
  return {
    host,
    ready: [ready.status, await ready.text()],
    metrics: await (await get('/metrics')).text(),
    check: renderCheck({ ...snapshot, growth: [] }),
    exitCode: judge(snapshot).exitCode,
    doctor: renderDiagnosis(sections),
    doctorExitCode: worstOf(sections),
    page: page.replaceAll(/<[^>]*>/g, ' '),
    warned,
    noted,
  };
}

describe.each(Object.entries(absences))('%s', (_, expected) => {
  it('is reported with one voice on every surface, and nothing that is absent is a warning', async () => {
    const seen = await look(expected);
    expect(seen.ready).toEqual([200, expected.ready]);
    const absent = seen.host.collectors.filter(({ status }) => status === 'absent').map(({ name }) => name);
    expect(absent.sort()).toEqual(expected.absent);
    for (const name of expected.absent) {
      expect(seen.metrics).toContain(`thinpool_collector_up{collector="${name}"} 1\n`);
      expect(seen.metrics).toContain(`thinpool_collector_status{collector="${name}",status="absent"} 1\n`);
      expect(seen.doctor).not.toMatch(
        new RegExp(`^(?:warn|fail) +(?:${name}|${expected.missing.join('|')}):`, 'm'),
      );
    }
    expect(seen.metrics).not.toMatch(/^thinpool_finding\{code="(?:collector|discovery)/m);
    const [exitCode, status] = expected.check;
    expect(seen.check).toMatch(status);
    if (exitCode !== undefined) expect(seen.exitCode).toBe(exitCode);
    const [doctorExitCode, line] = expected.doctor;
    expect(seen.doctor).toMatch(line);
    if (doctorExitCode !== undefined) expect(seen.doctorExitCode).toBe(doctorExitCode);
    for (const words of expected.page) expect(seen.page).toContain(words);
    expect(seen.warned).toEqual([]);
    expect(seen.noted.at(-1)).toContain(expected.log);
  });
});
