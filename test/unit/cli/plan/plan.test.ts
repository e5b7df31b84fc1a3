import { expect, it } from 'vitest';
import { plan } from '../../../../src/cli/plan/plan.ts';
import { runReplayed } from '../run-replayed.ts';

const make = (host: string, ...words: readonly string[]) => runReplayed(plan, host, ['plan', ...words]);

it('prints what to change, with commands to type', async () => {
  const { code, stdout } = await make('lab-recipe', 'docker/thinpool', '--growth=20M');
  expect(code).toBe(1);
  expect(stdout).toMatchInlineSnapshot(`
    "Plan for pool docker-thinpool

    Autoextend: CHANGE. The present policy (80/20, threshold/percent) does not fit. 80/3 works: VG
    docker has 36.0 MiB free, enough for one extension, up to 1000 MiB of data.
        printf 'activation {\\n\\tthin_pool_autoextend_threshold=80\\n\\tthin_pool_autoextend_percent=3\\n}\\n' > /etc/lvm/profile/thin-docker-thinpool.profile
        lvchange --metadataprofile thin-docker-thinpool docker/thinpool
        lvchange --monitor y docker/thinpool

    Metadata: ok. It has 8.0 MiB and needs 893 KiB when its data is full (at the present ratio of
    metadata to data), 895 KiB after every extension that the VG has room for.

    Spare: ok. The spare for repairs has 8.0 MiB, as much as the largest metadata of the VG.

    Next disk: CHANGE. At 20.0 MiB per day the pool is full in 8d9h, after every extension that VG
    docker has room for (168 MiB left). The next disk is due before that.
        vgextend docker DEVICE
        lvextend -L +SIZE docker/thinpool
    "
  `);
});

it('ends with 0 where nothing is to change', async () => {
  const { code, stdout } = await make('lab-raw', 'raw', '--growth=0');
  expect(stdout).toContain('Autoextend: ok. LVM does not manage the pool');
  expect(code).toBe(0);
});

it('prints JSON', async () => {
  const { stdout } = await make('field-pve-healthy', 'pve/data', '--json');
  const { pool, items } = JSON.parse(stdout) as { pool: string; items: { topic: string }[] };
  expect([pool, ...items.map(({ topic }) => topic)]).toEqual([
    'pve-data',
    'autoextend',
    'metadata',
    'spare',
    'next_disk',
  ]);
});

it('names the pools where there is none of the name', async () => {
  expect(await make('field-pve-healthy', 'data')).toEqual({
    code: 3,
    stdout: '',
    stderr: 'plan: no pool data on this host (pools: pve-data)\n',
  });
});
