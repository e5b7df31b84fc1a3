import { expect, it } from 'vitest';
import { top } from '../../../../src/cli/top/top.ts';
import { hourMs } from '../../../../src/model/units.ts';
import { capturedAt, replayCase } from '../../../support/replayed.ts';
import { runReplayed } from '../run-replayed.ts';

const list = (host: string, ...words: readonly string[]) => runReplayed(top, host, ['top', ...words]);

it('lists what frees most first, each with the command of its owner', async () => {
  const { code, stdout } = await list('made-pve-guests', 'pve/data', '-n', '3');
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "What would free space in pool pve-data (337 GiB used), most first

    at most 194 GiB: pve/snap_vm-101-disk-1_before_upgrade (snapshot before_upgrade of guest 101 (db-01), not active)
        If it is not needed: \`qm delsnapshot 101 before_upgrade\`, or
        \`pct delsnapshot 101 before_upgrade\` for a container.

    at most 143 GiB: pve/vm-101-disk-1 (guest 101 (db-01))
        Trim: \`qm agent 101 fstrim\`, which needs \`discard=on\` for the disk and the guest agent, or
        \`pct fstrim 101\` for a container. If it is not needed: detach it from guest 101
        (\`qm config 101\`, \`pct config 101\`), then \`pvesm free STORAGE:vm-101-disk-1\`.

    at most 88.2 GiB: pve/vm-102-disk-0 (guest 102 (mail))
        Trim: \`qm agent 102 fstrim\`, which needs \`discard=on\` for the disk and the guest agent, or
        \`pct fstrim 102\` for a container. If it is not needed: detach it from guest 102
        (\`qm config 102\`, \`pct config 102\`), then \`pvesm free STORAGE:vm-102-disk-0\`.

    7 more (\`-n 10\` lists all).

    At most: a block that is shared with a snapshot stays until nothing uses it. Of a volume that is not
    active only this limit is known: its size, or what the pool has used beyond its largest active
    volume.
    "
  `);
});

it('lists the trim of a mounted file system beside the removal of its volume', async () => {
  const { stdout } = await list('made-mounted', 'vg0/data', '-n', '3');
  expect(stdout).toMatchInlineSnapshot(`
    "What would free space in pool vg0-data (200 GiB used), most first

    120 GiB: vg0/home (volume)
        If it is not needed: \`lvremove vg0/home\`.

    at most 80.0 GiB: vg0/home (files deleted in /home)
        Trim: \`fstrim /home\`.

    50.0 GiB: vg0/srv (volume)
        Trim: \`fstrim /srv\`. If it is not needed: \`lvremove vg0/srv\`.

    1 more (\`-n 4\` lists all).

    A figure without "at most" is exact: no two volumes share a block.
    At most: a block that is shared with a snapshot stays until nothing uses it. Of a volume that is not
    active only this limit is known: its size, or what the pool has used beyond its largest active
    volume.
    "
  `);
});

it('says what else frees space where no volume does', async () => {
  const { code, stdout } = await list('docker-centos6-loop', 'docker-252:1-679218-pool');
  expect(code).toBe(0);
  expect(stdout).toContain('No volume is known whose removal frees space.');
  expect(stdout).toContain('docker image prune -a');
});

it('has the figures that an exporter on this host has measured', async () => {
  const host = await replayCase('made-pve-guests');
  const pool = host.host.pools.find(({ name }) => name === 'pve-data');
  const [volume] = pool?.volumes ?? [];
  const measured = { dmName: 'x', uuid: pool?.uuid, device: '1:2', bootId: 'b', blockBytes: 65_536 };
  const volumes = [{ deviceId: volume?.deviceId, mappedBlocks: 100, exclusiveBlocks: 48 }];
  const content = JSON.stringify({
    ...{ version: 1, holds: [] },
    spaces: [{ ...measured, takenAt: capturedAt - 5 * hourMs, volumes }],
  });
  const openState = () => ({
    read: async () => content,
    write: () => Promise.reject(new Error('it writes')),
  });
  const run: typeof top = (context) => top({ ...context, openState });
  const { stdout } = await runReplayed(run, 'made-pve-guests', ['top', 'pve/data', '-n', '99']);
  expect(stdout).toContain(`\n3.0 MiB: ${volume?.knownAs?.name}`);
  expect(stdout).toContain('shared with no other when it was measured, 5h ago.');
});

it('prints JSON', async () => {
  const { stdout } = await list('made-incus', 'incusvg/IncusThinPool', '--json', '--limit=2');
  const { pool, items, omitted } = JSON.parse(stdout) as {
    pool: string;
    items: { name: string; bytes: number; bound: string; action: string }[];
    omitted: number;
  };
  expect([pool, omitted]).toEqual(['incusvg-IncusThinPool', 5]);
  expect(items[0]).toEqual({
    kind: 'volume',
    name: 'incusvg/containers_web--01',
    describedAs: 'container web-01',
    active: true,
    snapshotOf: 'images_4f1d9a0b6c3e58d2a7194be06f3c8d51e2079b4ac6d8f0135792468ace0bdf13',
    bytes: 1_395_851_264,
    bound: 'at_most',
    action: 'Trim: `fstrim MOUNTPOINT` of its file system. If it is not needed: `incus delete web-01`.',
  });
});

it('names the pools where there is none of the name', async () => {
  expect(await list('field-pve-healthy', 'data')).toEqual({
    code: 3,
    stdout: '',
    stderr: 'top: no pool data on this host (pools: pve-data)\n',
  });
});
