import { describe, expect, it } from 'vitest';
import { room } from '../../../../src/cli/room/room.ts';
import type { Read } from '../../../../src/io/read.ts';
import { runReplayed } from '../run-replayed.ts';

const ask = (host: string, ...words: readonly string[]) => runReplayed(room, host, ['room', ...words]);

describe('captured hosts', () => {
  it.each([
    ['field-pve-healthy', 'pve/data', '10GiB', 0, /^FITS: 10\.0 GiB fit in pool pve-data\. /],
    [
      'field-pve-healthy',
      'pve-data',
      '2T',
      2,
      /^DOES NOT FIT: 2\.0 TiB do not fit in pool pve-data: it is full after /,
    ],
    ['docker-containers', 'docker-thinpool', '1M', 3, /data is below its minimum free \(docker\) already/],
    ['lab-recipe', 'docker/thinpool', '100M', 3, /Docker keeps a minimum free in this pool, and does not/],
    ['lab-recipe', 'docker/thinpool --minimum-free=1%', '100M', 1, /^TIGHT: 100 MiB fit /],
    [
      'lab-recipe',
      'docker/thinpool --minimum-free=12%',
      '30M',
      2,
      /below its minimum free \(configured\) after/,
    ],
    ['lab-recipe', '/dev/mapper/docker-thinpool', '200M', 2, /VG docker has no room/],
    ['lab-queueing', 'vg-pool', '1', 2, /it is full after 0 B/],
    ['lab-failed', 'vg-pool', '1', 2, /pool vg-pool has failed/],
    ['lab-needs-check', 'vg-pool', '1', 2, /needs a metadata check/],
    ['lab-docker-loop-low', 'docker-98:0-33-pool', '300M', 2, /it is full after 205 MiB/],
    ['lab-docker-loop-low', 'docker-98:0-33-pool', '100M', 1, /105 MiB are left then/],
    ['field-pve-inactive', 'pve/data', '1', 2, /pool pve-data is not active/],
    ['field-qubes7124', 'qubes_dom0/vm-pool', '1GiB', 1, /^TIGHT: .*LVM refuses new/],
  ])('%s: room %s %s ends with %i', async (host, pool, size, code, text) => {
    const ran = await ask(host, ...pool.split(' '), size);
    expect(ran).toMatchObject({ code, stderr: '' });
    expect(ran.stdout.replaceAll('\n', ' ')).toMatch(text);
  });

  it('that LVM refuses new volumes counts where one is to be created', async () => {
    expect(await ask('field-qubes7124', 'qubes_dom0/vm-pool', '0', '--new-volume')).toMatchObject({
      code: 2,
    });
    expect(await ask('field-pve-healthy', 'pve/data', '0', '--new-volume')).toMatchObject({ code: 0 });
  });

  it('shows every limit with what it leaves', async () => {
    const { stdout } = await ask('docker-containers', 'docker-thinpool', '1G');
    expect(stdout).toMatchInlineSnapshot(`
      "UNKNOWN: 1.0 GiB do not fit in pool docker-thinpool as it is (data is below its minimum free
      (docker) already), and whether an extension helps is not known: LVM's autoextend settings could not
      be read.

      LIMIT                            CAN BE WRITTEN
      data minimum free (docker)       0 B             hit
      data full                        346 MiB         hit
      metadata minimum free (derived)  805 GiB
      metadata full                    906 GiB

      Growth is not known: it was read once (\`--sample=30s\` reads it twice; a running exporter knows it).
      "
    `);
  });

  it('prints JSON', async () => {
    const { code, stdout } = await ask('lab-recipe', 'docker/thinpool', '200M', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      pool: 'docker-thinpool',
      bytes: 200 * 1024 ** 2,
      verdict: 'does_not_fit',
    });
  });
});

describe('what cannot be answered ends with 3', () => {
  it.each([
    ['field-pve-healthy', ['pve/dta', '1G'], /^room: no pool pve\/dta on this host.* \(pools: pve-data\)\n$/],
    ['lab-empty', ['x', '1G'], /^room: no pool x on this host \(there are no pools\)\n$/],
    ['lab-no-dm', ['x', '1G'], /^room: no pool data available: no device-mapper on this host/],
    [
      'field-pve-healthy',
      ['pve/data', 'much'],
      /^room: much: expected a size such as 5GiB, 500M or a number/,
    ],
  ])('%s: %j', async (host, words, message) => {
    const ran = await ask(host, ...words);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toMatch(message);
  });

  it('a pool whose status is not read', async () => {
    const ran = await ask(
      'field-pve-healthy',
      'pve/data',
      '1',
      '--collector.pools=off',
      '--collector.lvm=off',
    );
    expect(ran.code).toBe(3);
    expect(ran.stdout).toMatch(/^UNKNOWN: it is not known whether 1 B fit/);
  });
});

describe('--sample', () => {
  /** Ten thousand blocks of 64 KiB or more are used up between the reads. */
  const grows =
    (read: Read): Read =>
    (input, place, bounds) => {
      const reading = read(input, place, bounds);
      if (place.collector !== 'pools') return reading;
      const result = reading.result.then((one) =>
        one.ok
          ? {
              ...one,
              output: {
                ...one.output,
                stdout: one.output.stdout.replace(
                  / (\d+)\/(\d+) (-|\d+) rw/,
                  (_, used, all, held) => ` ${Number(used) + 10_000}/${all} ${held} rw`,
                ),
              },
            }
          : one,
      );
      return { ...reading, result };
    };

  it('reads the pool twice and counts its growth', async () => {
    const { code, stdout } = await runReplayed(
      room,
      'field-pve-healthy',
      ['room', 'pve/data', '1G', '--sample=30s'],
      grows,
    );
    expect(stdout).toMatch(/It fills up at [\d.]+ MiB\/s\./);
    expect(code).toBeLessThan(2);
  });

  it('says that growth is not known without it', async () => {
    expect((await ask('field-pve-healthy', 'pve/data', '1G')).stdout).toMatch(
      /Growth is not known: it was read once/,
    );
  });
});
