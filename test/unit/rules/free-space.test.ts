import { describe, expect, it } from 'vitest';
import type { Pool, VolumeUse } from '../../../src/model/pool.ts';
import { freeSpaceIn } from '../../../src/rules/free-space.ts';
import { makePool, makeSpace, makeVolume } from '../../support/makers.ts';

const nothing = { logicalVolumes: [], nameRecords: [], volumeMounts: [], volumeUsages: [] };
const block = 64 * 1024;

function poolOf(use: VolumeUse | undefined, lvName?: string, parts: Partial<Pool> = {}): Pool {
  const volume = {
    ...makeVolume('253:9'),
    mappedBytes: 20 * block,
    ...(use && { use }),
    ...(lvName !== undefined && { lvName }),
  };
  return {
    ...makePool({ data: makeSpace(20, 100, block) }),
    ...(lvName !== undefined && { vgName: 'vg', lvName: 'pool' }),
    volumes: [volume],
    volumeCount: 1,
    ...parts,
  };
}

const actionFor = (...given: Parameters<typeof poolOf>) =>
  freeSpaceIn(poolOf(...given), nothing, 10).items[0]?.action;

describe('the action', () => {
  it.each<readonly [string, VolumeUse | undefined, string | undefined, readonly string[]]>([
    ['LVM', undefined, 'a b', ["`lvremove 'vg/a b'`", '`fstrim MOUNTPOINT`']],
    [
      'a disk of Proxmox VE',
      { owner: 'proxmox', role: 'disk', consumer: 'guest', id: '100' },
      'vm-100-disk-0',
      ['`pct fstrim 100`', '`pvesm free STORAGE:vm-100-disk-0`', '`discard=on`'],
    ],
    [
      'a template of Proxmox VE',
      { owner: 'proxmox', role: 'template', consumer: 'template', id: '100' },
      'base-100-disk-0',
      ['`qm destroy 100`, after its linked clones'],
    ],
    [
      'a snapshot of LXD',
      { owner: 'lxd', role: 'snapshot', consumer: 'container', id: 'web', snapshot: 'a', project: 'p' },
      'containers_p_web-a',
      ['`lxc delete web/a --project p`'],
    ],
    [
      'an image of Incus',
      { owner: 'incus', role: 'image', consumer: 'image', id: 'a'.repeat(64) },
      'images_a',
      ['`incus image delete aaaaaaaaaaaa`'],
    ],
    [
      'a custom volume of Incus',
      { owner: 'incus', role: 'snapshot', consumer: 'custom volume', id: 'v', snapshot: 's' },
      'custom_default_v-s',
      ['`incus storage volume snapshot delete STORAGE v s`'],
    ],
    [
      'a revision of Qubes OS',
      { owner: 'qubes', role: 'snapshot', consumer: 'qube', id: 'work', snapshot: '1764403200' },
      'vm-work-root-1764403200-back',
      ['`qvm-volume config work:root revisions_to_keep 0`'],
    ],
    [
      'a PV',
      { owner: 'topolvm', role: 'disk', consumer: 'PV', id: 'pvc-1' },
      'x',
      ['`kubectl get pv pvc-1`'],
    ],
    [
      'a snapshot of LINSTOR',
      { owner: 'linstor', role: 'snapshot', consumer: 'resource', id: 'r', snapshot: 's' },
      'r_00000_s',
      ['`linstor snapshot delete r s`'],
    ],
    [
      'a volume of Cinder',
      { owner: 'cinder', role: 'disk', consumer: 'volume', id: 'u' },
      'volume-u',
      ['`openstack volume delete u`'],
    ],
    [
      'a domain of libvirt',
      { owner: 'libvirt', role: 'disk', consumer: 'domain', id: 'win' },
      'win',
      ['`virsh domfstrim win`', '`virsh domblklist win`'],
    ],
    [
      'a container of Docker',
      { owner: 'docker', role: 'disk', consumer: 'container', id: 'web' },
      undefined,
      ['`docker rm -f web`'],
    ],
    [
      'a file system of Stratis',
      { owner: 'stratis', role: 'disk', consumer: 'file system', id: 'tank/home' },
      undefined,
      ['`stratis filesystem destroy tank home`'],
    ],
  ])('for %s is by its commands', (_, use, lvName, commands) => {
    const action = actionFor(use, lvName);
    for (const command of commands) expect(action).toContain(command);
  });

  it('for a layer is that of the pool, without "if it is not needed"', () => {
    const use = { owner: 'docker', role: 'layer', consumer: 'layer', id: 'a' } as const;
    const action = actionFor(use, undefined, { owner: 'docker' });
    expect(action).toMatch(/^Remove containers and images .*`docker image prune -a`\)\.$/);
  });
});

describe('an obstacle', () => {
  const counters = makePool().counters!;

  it('is that the pool takes no changes', () => {
    const pool = poolOf(undefined, 'a', { counters: { ...counters, mode: 'ro' } });
    expect(freeSpaceIn(pool, nothing, 10).obstacle).toMatch(
      /^Nothing can be freed while pool .* is read-only/,
    );
  });

  it('is that the pool ignores discards; then nothing is to be trimmed', () => {
    const pool = poolOf(undefined, 'a', { counters: { ...counters, discard: 'ignore_discard' } });
    const { obstacle, items } = freeSpaceIn(pool, nothing, 10);
    expect(obstacle).toContain('ignores discards');
    expect(items[0]?.action).toBe('If it is not needed: `lvremove vg/a`.');
  });

  it('is absent in a healthy pool', () => {
    expect(freeSpaceIn(poolOf(undefined, 'a'), nothing, 10)).not.toHaveProperty('obstacle');
  });
});

it('says which volumes may hold what no active volume does', () => {
  const lost = poolOf(undefined, 'a', { data: makeSpace(50, 100, block), owner: 'lvm' });
  const action = (pool: Pool) => freeSpaceIn(pool, nothing, 10).items[0]?.action;
  expect(action(lost)).toContain('LVM lists no volume for it');
  expect(action({ ...lost, inactiveVolumeCount: 2 })).toContain('the 2 volumes that are not active (`lvs ');
  expect(action({ ...lost, owner: 'docker' })).toContain('`docker image prune -a`');
});

it('counts what is left out', () => {
  const pool = poolOf(undefined, 'a', { data: makeSpace(50, 100, block) });
  const { items, omitted } = freeSpaceIn(pool, nothing, 1);
  expect([items.length, omitted]).toEqual([1, 1]);
});
