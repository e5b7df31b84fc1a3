import { describe, expect, it, test } from 'vitest';
import type { LogicalVolume } from '../../../src/model/facts.ts';
import type { Autoextend, Pool } from '../../../src/model/pool.ts';
import { policyRules } from '../../../src/rules/policy.ts';
import { planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { emptyHost, recipePool } from '../../support/host.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost, makePool, makeSpace } from '../../support/makers.ts';
import { hostWith, lvmPool, tryEachCode } from './each-code.ts';

const MiB = 1024 ** 2;
const policy = { thresholdPercent: 80, stepPercent: 20, monitoring: true };
const autoextend: Autoextend = { thresholdPercent: 80, stepPercent: 20, enabled: true, steps: [] };
const off: Autoextend = { ...autoextend, thresholdPercent: 100, enabled: false };
const withRoom = (shortfallBytes: number): Autoextend => ({
  ...autoextend,
  steps: [{ resource: 'data', stepBytes: 320 * MiB, neededBytes: 320 * MiB, shortfallBytes }],
});
const lvm: LogicalVolume = { vgName: 'vg0', lvName: 'data', role: 'pool', thinCount: 1, monitored: true };
const dmeventd = { name: 'dmeventd', running: true, frozen: false };
const docker = { kind: 'docker', driver: 'devicemapper', poolUnreadable: false, loopback: false } as const;
const used = (percent: number) => makeSpace(percent * 100, 10_000, 65_536);

/** The pool of the recipe, in a VG with so much free of its size. */
function recipe(freeShare: number): Pool {
  const volumeGroup = {
    ...recipePool.volumeGroup!,
    freeBytes: freeShare * recipePool.volumeGroup!.sizeBytes,
  };
  const pool = { ...recipePool, volumeGroup };
  return { ...pool, autoextend: planAutoextend(pool, policy) };
}

describe('policy', () => {
  tryEachCode(policyRules, {
    'autoextend-no-room': {
      fires: hostWith({ autoextend: withRoom(160 * MiB) }),
      summary: 'pool vg0-data needs 320 MiB for the next extension of data, and VG vg0 is 160 MiB short',
      severity: 'warning',
      quiet: hostWith({ autoextend: withRoom(0) }),
    },
    'autoextend-never': {
      fires: makeHost({ pools: [recipe(0.19)] }),
      summary:
        'pool docker-thinpool cannot autoextend with this layout: the first extension of data needs 19.2% of VG docker, and 19.0% is free',
      quiet: makeHost({ pools: [recipe(0.2)] }),
    },
    'autoextend-overdue': {
      fires: hostWith({ autoextend, data: used(81) }),
      summary:
        'pool vg0-data uses 81.00% of its data, above the autoextend threshold of 80%, and has not been extended',
      quiet: hostWith({ autoextend, data: used(80) }),
    },
    'autoextend-not-monitored': {
      fires: hostWith({ autoextend, lvm: { ...lvm, monitored: false } }),
      summary: 'pool vg0-data is configured to autoextend, but dmeventd does not monitor it',
      quiet: hostWith({ autoextend, lvm }),
    },
    'autoextend-off': {
      fires: hostWith({ autoextend: off }),
      summary: 'pool vg0-data has autoextend disabled (threshold 100%)',
      quiet: hostWith({ autoextend }),
    },
    'overcommitted-without-reserve': {
      fires: hostWith({ autoextend: off, provisionedBytes: 201 * 1024 * MiB }),
      summary: 'pool vg0-data has 201 GiB provisioned on 200 GiB, and cannot autoextend',
      quiet: hostWith({ autoextend: withRoom(0), provisionedBytes: 201 * 1024 * MiB }),
    },
    'loopback-in-use': {
      fires: hostWith({ dockerInfo: { ...docker, loopback: true } }),
      summary: 'pool vg0-data is stored in files on loop devices',
      quiet: hostWith({ dockerInfo: docker }),
    },
    'xfs-retries-for-ever': {
      fires: hostWith({
        retryPolicies: [{ kernelName: 'dm-7', volume: 'vg0-home', enospcMaxRetries: -1 }],
      }),
      summary: 'pool vg0-data has 1 XFS file system with unlimited retries, for example on vg0-home',
      // Writes fail at once, so nothing is retried for long.
      quiet: hostWith({
        retryPolicies: [{ kernelName: 'dm-7', volume: 'vg0-home', enospcMaxRetries: -1 }],
        table: { ...makePool().table, features: ['error_if_no_space'] },
      }),
    },
    'deferred-deletes': {
      fires: hostWith({ dockerInfo: { ...docker, deferredDeletedDevices: 2 } }),
      summary: 'pool vg0-data has 2 deleted devices whose blocks are not freed',
      quiet: hostWith({ dockerInfo: { ...docker, deferredDeletedDevices: 0 } }),
    },
    'docker-cannot-read-pool': {
      fires: hostWith({ dockerInfo: { ...docker, poolUnreadable: true } }),
      summary: 'pool vg0-data cannot be read by Docker: docker info reports every size as 0 B',
      quiet: hostWith({ dockerInfo: docker }),
    },
    'transaction-mismatch': {
      fires: hostWith({ lvm, transactions: { kernel: 5, lvm: 4 } }),
      summary: 'pool vg0-data is at transaction 5, but LVM expects 4',
      // Docker counts transactions of its own in a pool in which LVM has made no volume.
      quiet: hostWith({ lvm: { ...lvm, thinCount: 0 }, transactions: { kernel: 5, lvm: 4 } }),
    },
  });

  it.each([
    [81, 'warning'],
    [97, 'critical'],
  ])('without room is critical above the threshold only when nearly full: %i%%', (percent, severity) => {
    const host = hostWith({ autoextend: withRoom(1), data: used(percent) });
    const { findings } = judgeHost(host, new Map(), { debounce: false });
    expect(findings).toContainEqual(expect.objectContaining({ code: 'autoextend-no-room', severity }));
  });

  it.each([
    [{ ...dmeventd, running: false }, 'dmeventd is not running'],
    [{ ...dmeventd, frozen: true }, 'dmeventd is frozen'],
  ])('names what is wrong with dmeventd: %j', (daemon, why) => {
    const host = makeHost({ pools: [lvmPool({ autoextend, lvm })], daemons: [daemon] });
    const { findings } = judgeHost(host, new Map(), { debounce: false });
    expect(findings.map(({ summary }) => summary)).toEqual([
      `pool vg0-data is configured to autoextend, but ${why}`,
    ]);
  });

  it('names the XFS settings of the device', () => {
    const retryPolicies = [{ kernelName: 'dm-7', volume: 'vg0-home', enospcMaxRetries: -1 }];
    const { findings } = judgeHost(hostWith({ retryPolicies }), new Map(), { debounce: false });
    expect(findings[0]?.advice).toContain('/sys/fs/xfs/dm-7/error/metadata/{ENOSPC,EIO}/max_retries');
  });
});

function summaries(thresholdPercent: number, monitoring: boolean): readonly string[] {
  const given = { thresholdPercent, stepPercent: 20, monitoring };
  const pool = { ...recipePool, autoextend: planAutoextend(recipePool, given) };
  const { findings } = judgeHost({ ...emptyHost, pools: [pool] }, new Map(), { debounce: false });
  return findings.filter(({ code }) => code === 'autoextend-off').map(({ summary }) => summary);
}

test('what keeps LVM from extending is named', () => {
  const pool = 'pool docker-thinpool has autoextend disabled';
  expect(summaries(100, true)).toEqual([`${pool} (threshold 100%)`]);
  expect(summaries(80, false)).toEqual([`${pool} (activation/monitoring is 0)`]);
  expect(summaries(80, true)).toEqual([]);
});
