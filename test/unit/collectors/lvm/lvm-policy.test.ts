import { expect, test } from 'vitest';
import { lvmPolicy } from '../../../../src/collectors/lvm/lvm-policy.ts';
import type { LogicalVolume } from '../../../../src/model/facts.ts';
import { emptyHost } from '../../../support/host.ts';

const queryOptions = { segMonitor: 'auto' } as const;
const settings = [
  'activation/thin_pool_autoextend_threshold',
  'activation/thin_pool_autoextend_percent',
  'activation/monitoring',
];

const ofRepairs = [
  'global/thin_check_executable',
  'global/thin_repair_executable',
  'global/thin_check_options',
];

function queries(...profiles: (string | undefined)[]) {
  const logicalVolumes = profiles.map(
    (profile, index): LogicalVolume => ({
      vgName: 'vg',
      lvName: `pool${index}`,
      role: 'pool',
      ...(profile === undefined ? {} : { profile }),
    }),
  );
  return lvmPolicy.queries({ ...emptyHost, logicalVolumes }, queryOptions);
}

test('the default, and every profile of a pool once', () => {
  expect(queries().map(({ key }) => key)).toEqual(['default']);
  const keys = queries('b', undefined, 'a', 'b').map(({ key }) => key);
  expect(keys).toEqual(['default', 'a', 'b']);
});

test('profiles of other LVs do not matter', () => {
  const volume: LogicalVolume = { vgName: 'vg', lvName: 'thin', role: 'volume', profile: 'x' };
  expect(lvmPolicy.queries({ ...emptyHost, logicalVolumes: [volume] }, queryOptions)).toHaveLength(1);
});

test('a profile called default has a key of its own', () => {
  const keys = queries('default', 'default.profile').map(({ key }) => key);
  expect(keys).toEqual(['default', 'default.profile', 'default.profile.profile']);
});

test.each(['-x', '../x', 'a/b', 'a\nb', ''])('no profile called %j is passed on', (profile) => {
  expect(queries(profile)).toHaveLength(1);
});

test('lvmconfig, or dumpconfig of older releases', () => {
  const [byDefault, profiled] = queries('docker-thinpool');
  expect(byDefault?.variants.map(({ name, input }) => [name, input])).toEqual([
    // What repairs pools is not in a profile, and older releases may not know it.
    [undefined, { command: ['lvm', 'lvmconfig', '--type', 'full', ...settings, ...ofRepairs] }],
    ['dumpconfig', { command: ['lvm', 'dumpconfig', '--mergedconfig', ...settings] }],
  ]);
  const which = ['--metadataprofile', 'docker-thinpool'];
  expect(profiled?.variants.map(({ input }) => input)).toEqual([
    { command: ['lvm', 'lvmconfig', '--type', 'full', ...which, ...settings] },
    { command: ['lvm', 'dumpconfig', '--mergedconfig', ...which, ...settings] },
  ]);
});

test('the answer is a policy of that profile', () => {
  const stdout = 'thin_pool_autoextend_threshold=80\nthin_pool_autoextend_percent=20\nmonitoring=1\n';
  const policy = { thresholdPercent: 80, stepPercent: 20, monitoring: true };
  const [byDefault, profiled] = queries('docker-thinpool');
  const output = { stdout, stderr: '', exitCode: 0, takenAt: 0 };
  for (const variant of byDefault?.variants ?? [])
    expect(variant.parse(output, undefined)).toEqual({ extendPolicies: [policy] });
  for (const variant of profiled?.variants ?? [])
    expect(variant.parse(output, undefined)).toEqual({
      extendPolicies: [{ profile: 'docker-thinpool', ...policy }],
    });
});

test('the programs that LVM names are looked for once it has named them', () => {
  const [byDefault] = queries();
  const stdout =
    'thin_pool_autoextend_threshold=80\nthin_pool_autoextend_percent=20\nmonitoring=1\n' +
    'thin_check_executable="/usr/sbin/thin_check"\nthin_repair_executable=""\nthin_check_options=["-q"]\n';
  const facts = byDefault?.variants[0].parse({ stdout, stderr: '', exitCode: 0, takenAt: 0 }, undefined);
  expect(facts?.repairSettings).toEqual([
    { checkExecutable: '/usr/sbin/thin_check', repairExecutable: '', checkOptions: ['-q'] },
  ]);
  const after = lvmPolicy.queries(
    { ...emptyHost, repairSettings: facts?.repairSettings ?? [] },
    queryOptions,
  );
  expect(after[1]?.variants[0].input).toEqual({
    command: ['stat', '-L', '-c', '%n', '--', '/usr/sbin/thin_check', '/usr/sbin/dmeventd', '/sbin/dmeventd'],
  });
});
