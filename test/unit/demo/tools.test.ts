import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoHost } from '../../../demo/host.ts';
import { openSimulator, type Simulator } from '../../../demo/simulator.ts';
import { cycleSeconds } from '../../../demo/story/time.ts';
import { hostAt, stories } from '../../../demo/story.ts';
import { embeddedTools } from '../../../src/embedded.ts';
import type { Snapshot } from '../../../src/model/host.ts';
import { unattributedBytes } from '../../../src/thinpool/unattributed.ts';
import { ofThisMachine, pollDemo } from '../../support/poll-demo.ts';

let simulator: Simulator;
beforeAll(() => {
  simulator = openSimulator(embeddedTools());
});
afterAll(() => simulator.close());

/** What the exporter makes of the simulated host at a moment: real collectors, real processes. */
async function pollAt(second: number): Promise<{ story: DemoHost; seen: Snapshot }> {
  return { story: hostAt(second), seen: await pollDemo(simulator, second) };
}

function codesOf({ findings }: Snapshot, pool: string): string[] {
  return findings.filter((finding) => finding.pool === pool).map(({ code }) => code);
}

describe('the simulated tools, queried by the real collectors', () => {
  it.each([0, 45, 75, 110, 130, 145, 179])(
    'are understood without a failure %d s into the story',
    async (second) => {
      const { story, seen } = await pollAt(second);
      const failures = seen.host.collectors.flatMap(({ queries }) => queries.map(({ failure }) => failure));
      expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
      for (const planned of story.pools) {
        const pool = seen.host.pools.find(({ dmName }) => dmName === planned.dmName);
        expect(pool?.counters, planned.dmName).toMatchObject({
          dataUsedBlocks: planned.usedBlocks,
          dataBlocks: planned.totalBlocks,
          metadataUsedBlocks: planned.metadataUsed,
          metadataBlocks: planned.metadataTotal,
          mode: planned.mode,
          noSpace: planned.noSpace,
        });
        for (const { dmName, container } of planned.volumes) {
          const named = pool?.volumes.find(({ name }) => name === dmName)?.knownAs;
          if (container === undefined) continue;
          const { name, image } = container;
          expect(named).toEqual({ kind: 'docker-container', name, image });
        }
        const active = planned.volumes.filter(({ minor }) => minor !== undefined);
        expect(pool?.volumes.map(({ mappedBytes }) => mappedBytes).sort(), planned.dmName).toEqual(
          active.map(({ mappedSectors }) => mappedSectors * 512).sort(),
        );
      }
    },
  );

  it('give LVM facts that join their pools, monitored and with their policies', async () => {
    const { seen } = await pollAt(0);
    const lvm = Object.fromEntries(
      seen.host.pools.map(({ name, lvm, autoextend }) => [
        name,
        {
          monitored: lvm?.monitored,
          transaction: lvm?.transactionId,
          threshold: autoextend?.thresholdPercent,
        },
      ]),
    );
    expect(lvm).toMatchObject({
      'docker-thinpool': { monitored: true, transaction: 0, threshold: 80 },
      'vg0-vms': { monitored: true, transaction: 3, threshold: 80 },
      'data-backup': { monitored: true, transaction: 41, threshold: 100 },
    });
    expect(seen.host.volumeGroups.map(({ vgName }) => vgName).sort()).toEqual(['data', 'docker', 'vg0']);
  });

  it('let the trouble of the story be found, and the recovery too', async () => {
    expect(codesOf((await pollAt(38)).seen, 'docker-thinpool')).toContain('data-full');
    expect(codesOf((await pollAt(50)).seen, 'docker-thinpool')).toContain('data-full-queueing');
    expect(codesOf((await pollAt(140)).seen, 'data-backup')).toContain('metadata-full');
    expect(codesOf((await pollAt(cycleSeconds + 130)).seen, 'docker-thinpool')).toContain(
      'data-full-failing',
    );
    const { seen } = await pollAt(175);
    expect(seen.findings.filter(({ severity }) => severity === 'critical')).toEqual([]);
    expect(codesOf(seen, 'scratch-pool')).toEqual([]);
  });
});

it.each([0, 35, 50, 100, cycleSeconds + 120])(
  'show the host of Proxmox VE without a failure %d s into its story',
  async (second) => {
    const shown = openSimulator(embeddedTools(), stories.proxmox);
    const seen = await pollDemo(shown, second, [...ofThisMachine, 'docker', 'containers']);
    shown.close();
    const failures = seen.host.collectors.flatMap(({ queries }) => queries.map(({ failure }) => failure));
    expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
    const [planned] = stories.proxmox.hostAt(second).pools;
    const [pool] = seen.host.pools;
    expect(pool?.counters).toMatchObject({ dataUsedBlocks: planned!.usedBlocks, mode: planned!.mode });
    expect(pool?.volumes.map(({ knownAs }) => knownAs?.name)).toEqual([
      'pve/vm-100-disk-0',
      'pve/vm-101-disk-0',
      'pve/vm-102-disk-0',
    ]);
    const own = planned!.volumes.find(({ ownSectors }) => ownSectors !== undefined)?.ownSectors ?? 0;
    expect(unattributedBytes(pool!)).toBe(own * 512);
    expect(seen.host.volumeGroups).toMatchObject([{ vgName: 'pve' }]);
  },
);

function run(tool: string, ...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(join(simulator.tools, tool), args, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe('a stand-in refuses what the real tool would', () => {
  beforeAll(() => simulator.show(0));

  it.each([
    ['dmsetup', ['status', '--nofluhs', 'scratch-pool'], 1, "unrecognized option '--nofluhs'"],
    ['dmsetup', ['remove', 'scratch-pool'], 1, 'Unknown command'],
    ['dmsetup', ['status', '--noflush', 'nobody'], 1, 'Device does not exist'],
    ['dmsetup', ['info', '-c', '--noheadings', '-o', 'name,colour'], 1, 'Unrecognised field: colour'],
    [
      'lvs',
      ['--units', 'b', '--nosuffix', '--reportformat', 'json', '-o', 'lv_colour'],
      5,
      'Unrecognised field: lv_colour',
    ],
    ['vgs', ['--reportformat', 'xml'], 3, 'reportformat'],
    [
      'lvm',
      ['lvmconfig', '--type', 'full', '--metadataprofile', 'none', 'x'],
      5,
      'Failed to apply metadata profile',
    ],
    ['lvm', ['lvdance'], 2, 'No such command'],
    ['docker', ['ps'], 125, 'docker info'],
    ['stat', ['-f', '-c', '%S %b %f %T', '--', '/nowhere'], 1, 'No such file or directory'],
  ])('%s %j', async (tool, args, code, sentence) => {
    const answer = await run(tool, ...args);
    expect(answer.code).toBe(code);
    expect(answer.stderr).toContain(sentence);
  });

  it('and names devices as dmsetup does: only among others', async () => {
    const ask = ['status', '--manglename', 'none', '--noflush'];
    const alone = await run('dmsetup', ...ask, 'scratch');
    expect(alone.stdout).toBe('0 16777216 thin 3145728 3145727\n');
    const pair = await run('dmsetup', ...ask, 'scratch', 'scratch-pool');
    expect(pair.stdout).toBe(
      'scratch: 0 16777216 thin 3145728 3145727\n' +
        'scratch-pool: 0 10485760 thin-pool 1 1264/8192 24576/81920 - rw no_discard_passdown queue_if_no_space - 1024 \n',
    );
  });

  it('and reports the file systems under the loop files', async () => {
    const file = '/var/lib/docker.old/devicemapper/devicemapper/data';
    const { stdout } = await run('stat', '-f', '-c', '%S %b %f %T', '--', file);
    expect(stdout).toBe('4096 19660800 5500000 ext2/ext3\n');
  });

  it('leaves out the groups that were not requested', async () => {
    const report = ['--reportformat', 'json', '--units', 'b', '--nosuffix', '-o', 'vg_name,vg_free'];
    const { stdout } = await run('vgs', ...report, 'vg0', 'data');
    expect(JSON.parse(stdout).report[0].vg.map((row: { vg_name: string }) => row.vg_name)).toEqual([
      'data',
      'vg0',
    ]);
  });
});
