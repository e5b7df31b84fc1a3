import { describe, expect, it, test } from 'vitest';
import { planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { emptyHost, recipePool } from '../../support/host.ts';
import { judgeHost } from '../../support/judge-host.ts';
import { makeHost } from '../../support/makers.ts';
import { autoextend, lvm, used, withRoom } from './cases/policy.ts';
import { hostWith, lvmPool } from './each-code.ts';

const dmeventd = { name: 'dmeventd', running: true, frozen: false };

describe('policy', () => {
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

describe('a step of 0%', () => {
  const stepless = { ...autoextend, stepPercent: 0 };

  test.each([
    [undefined, 'lvm.conf'],
    ['grow', 'the metadata profile grow'],
  ])('is why LVM never extends the pool, and is set in its profile %s', (profile, place) => {
    const pool = { autoextend: stepless, lvm: { ...lvm, ...(profile && { profile }) }, data: used(84) };
    const { findings } = judgeHost(hostWith(pool), new Map(), { debounce: false });
    expect(findings.filter(({ code }) => code.startsWith('autoextend'))).toMatchObject([
      {
        code: 'autoextend-never',
        summary:
          'pool vg0-data cannot autoextend: activation/thin_pool_autoextend_percent is 0, and LVM fails at every attempt',
        advice: `Set activation/thin_pool_autoextend_percent above 0 in ${place}, to 20 for example.`,
      },
    ]);
  });

  test('leaves what is promised without a reserve', () => {
    const pool = { autoextend: stepless, lvm, provisionedBytes: 201 * 1024 ** 3 };
    const { findings } = judgeHost(hostWith(pool), new Map(), { debounce: false });
    expect(findings.map(({ code }) => code)).toContain('overcommitted-without-reserve');
  });
});
