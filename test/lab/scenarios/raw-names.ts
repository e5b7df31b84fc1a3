import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const names = ['docker-98:0-24577-pool', 'with space', 'a:b: 0 1 thin-pool', 'ütf', 'semi;%25&"', 'raw'];

export const rawNames = defineScenario({
  name: 'raw-names',
  about:
    'pools made without LVM and names that break readers, one of them unmangled; one made anew by its name',
  disks: ['2G', '6G'],
  needsExporter: true,
  timeoutSeconds: 300,
  steps: async (lab) => {
    await lab.sh('vgcreate vg-a--b /dev/ubda && lvcreate -L 64M --thinpool pool-1.x+y_z vg-a--b');
    await lab.sh('lvcreate -V 64M --thin vg-a--b/pool-1.x+y_z -n vol-');
    await lab.sh('lvcreate -V 64M --thin vg-a--b/pool-1.x+y_z -n tpool-tpool');
    await lab.sh('lvcreate -L 64M --thinpool docker-only vg-a--b');
    const { step, finish } = await openWatch(lab);
    await step({ name: 'odd names of LVM', exit: 0, volumes: true });
    await step({
      name: 'odd names',
      act: async () => {
        for (const [index, name] of names.entries()) await makePool(lab, { name, index });
      },
      exit: 0,
      volumes: true,
    });
    await step({
      name: 'an unmangled name',
      act: () => makePool(lab, { name: 'b: 0 1 thin-pool', index: 10, options: '--manglename none' }),
      exit: 0,
      volumes: true,
    });
    await step({
      name: 'all written',
      act: async () => {
        for (const name of names)
          await lab.sh(
            `dd if=/dev/zero of="/dev/dm-$(dmsetup info -c --noheadings -o minor '${name} vol')" bs=1M count=9 oflag=direct`,
          );
      },
      exit: 0,
      volumes: true,
    });
    await step({
      name: 'made anew with larger blocks',
      act: async () => {
        await lab.sh(
          "dmsetup remove 'raw vol' && dmsetup remove raw && dmsetup remove part5-meta part5-data",
        );
        await makePool(lab, { name: 'raw', index: 12, blockSectors: 256, sectors: 524_288 });
      },
      exit: 0,
      volumes: true,
      // While it is away a query fails, which costs an interval.
      oldest: 16,
      also: neverGrew,
    });
    await finish();
  },
});

/** It has more blocks than the one before, and is another pool. It has no UUID that would show it. */
function neverGrew(samples: readonly Sample[]): readonly string[] {
  const times = findValue(samples, 'thinpool_data_extensions_total', { pool: 'raw' });
  return times === 0 ? [] : [`raw grew ${times} times`];
}

interface NamedPool {
  readonly name: string;
  /** Its place on the second disk. */
  readonly index: number;
  readonly options?: string;
  readonly blockSectors?: number;
  readonly sectors?: number;
}

async function makePool(lab: Lab, pool: NamedPool): Promise<void> {
  const { name, index, options = '', blockSectors = 128, sectors = 131_072 } = pool;
  const start = index * 600_000;
  await lab.sh(`dmsetup create part${index}-meta --table "0 8192 linear /dev/ubdb ${start}"
dmsetup create part${index}-data --table "0 ${sectors} linear /dev/ubdb ${start + 8192}"
dd if=/dev/zero of=/dev/mapper/part${index}-meta bs=4K count=1
dmsetup create '${name}' ${options} --table "0 ${sectors} thin-pool /dev/mapper/part${index}-meta /dev/mapper/part${index}-data ${blockSectors} 0"
dmsetup message '${name}' ${options} 0 "create_thin 1"
dmsetup create '${name} vol' ${options} --table "0 65536 thin $(dmsetup info -c ${options} --noheadings --separator : -o major,minor '${name}') 1"`);
}
