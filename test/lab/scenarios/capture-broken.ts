import { captureHost } from '../guest/capture.ts';
import type { Lab } from '../guest/lab.ts';
import { defineScenario } from '../scenario.ts';

export const captureNeedsCheck = defineScenario({
  name: 'capture-needs-check',
  about: 'metadata writes fail once: the pool is read-only and needs a check',
  disks: ['2G'],
  steps: async (lab) => {
    await makePool(lab);
    await lab.sh(replaceMetadata('flakey $place 0 1000 1 error_writes'));
    await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=40 seek=100 oflag=direct; sleep 2');
    // The disk is healthy again, as it mostly is when a person checks. The pool does not notice.
    await lab.sh(replaceMetadata('linear $place'));
    await captureHost(lab, {
      name: 'lab-needs-check',
      purpose:
        'Metadata could not be written for a while (dm-flakey): the pool went read-only and needs thin_check.',
    });
  },
});

export const captureFailed = defineScenario({
  name: 'capture-failed',
  about: 'metadata cannot be read or written any more: the pool and its volumes say Fail',
  disks: ['2G'],
  steps: async (lab) => {
    await makePool(lab);
    await lab.sh('lvcreate -V 300M --thin vg/pool -n other');
    await lab.sh(replaceMetadata('error'));
    await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=40 seek=100 oflag=direct; sleep 2');
    await captureHost(lab, {
      name: 'lab-failed',
      purpose:
        'The metadata device gives errors only (dm-error): the pool failed. Percentages are empty, not zero.',
      surprises: [
        "The volumes' table lines are the word `Fail` too, so the table no longer shows which pool they belong to. " +
          '`dmsetup deps` still does.',
        '`lvs` says `ignore` in kernel_discards, and warns on stderr about the metadata, whose lv_attr is `ewi-XX--X-`.',
      ],
    });
  },
});

export const captureFailedOrigin = defineScenario({
  name: 'capture-failed-origin',
  about: 'a failed pool beside a healthy one; a volume of it has an external origin',
  disks: ['2G', '1G'],
  steps: async (lab) => {
    await makePool(lab);
    await lab.sh(`lvcreate -y -L 64M -n origin vg && lvchange -an vg/origin && lvchange -pr vg/origin
lvcreate -s -n outside --thinpool vg/pool vg/origin`);
    await lab.sh('vgcreate well /dev/ubdb && lvcreate -L 128M --thinpool pool well');
    await lab.sh('lvcreate -V 200M --thin well/pool -n thin');
    await lab.sh(replaceMetadata('error'));
    await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=40 seek=100 oflag=direct; sleep 2');
    await captureHost(lab, {
      name: 'lab-failed-origin',
      purpose:
        'A pool that failed, as an exporter meets it that is started afterwards: only `dmsetup deps` shows ' +
        'which pool the volumes belong to. The healthy pool beside it has a volume as well.',
      surprises: [
        'The volume with an external origin depends on that too; which of the two is the pool, the list does not say.',
      ],
      also: ['lvm', 'deps'],
    });
  },
});

export const captureMetadataFull = defineScenario({
  name: 'capture-metadata-full',
  about: 'a pool whose metadata is used up, with data to spare',
  disks: ['14G'],
  timeoutSeconds: 300,
  steps: async (lab) => {
    // Extents of 1 MiB, as 4 MiB would round the metadata up; the writer touches one page of each chunk.
    await lab.sh('vgcreate -s 1m vg /dev/ubda');
    await lab.sh('lvcreate -y -L 12G --poolmetadatasize 2M -c 64K -Z n --thinpool pool vg');
    await lab.sh('lvcreate -V 12G --thin vg/pool -n thin');
    const writer = `const fs = require('fs'); const file = fs.openSync('/dev/vg/thin', 'r+'); const page = Buffer.alloc(4096);
      for (let chunk = 0; chunk < 12 * 16384; chunk++) fs.writeSync(file, page, 0, 4096, chunk * 65536);`;
    await lab.sh(`timeout 100 "$LAB_NODE" -e "${writer}"; sleep 3`, { timeoutMs: 110_000 });
    await captureHost(lab, {
      name: 'lab-metadata-full',
      purpose:
        'Metadata ran out while there was data space: one small write in each chunk of a 2 MiB metadata device.',
      surprises: [
        'This kernel was read-only for 20 ms, and then failed: see the kernel log. No poll could have seen the read-only state.',
        'The kernel announced the metadata low water mark again and again, as commits freed blocks in between.',
      ],
    });
  },
});

export const captureSuspended = defineScenario({
  name: 'capture-suspended',
  about: 'a suspended pool, and beside it a suspended volume of another',
  disks: ['2G'],
  steps: async (lab) => {
    await makePool(lab);
    await lab.sh('lvcreate -L 128M --thinpool calm vg && lvcreate -V 200M --thin vg/calm -n frozen');
    await lab.sh('dmsetup suspend vg-pool-tpool && dmsetup suspend vg-frozen');
    await captureHost(lab, {
      name: 'lab-suspended',
      purpose:
        'Two interrupted operations: the pool `pool` is suspended, and of the pool `calm` one volume is.',
      surprises: [
        'No status line shows it: it is the third letter of attr in `dmsetup info -c`, and `s` in lv_attr.',
      ],
    });
    await lab.sh('dmsetup resume vg-frozen && dmsetup resume vg-pool-tpool');
  },
});

async function makePool(lab: Lab): Promise<void> {
  await lab.sh('vgcreate vg /dev/ubda');
  await lab.sh('lvcreate -L 512M --thinpool pool vg && lvcreate -V 1G --thin vg/pool -n thin');
  await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=50 oflag=direct && sleep 3');
}

/** Puts another target below the pool's metadata, in its place on the disk. */
function replaceMetadata(target: string): string {
  return `place=$(dmsetup table vg-pool_tmeta | cut -d' ' -f4,5)
dmsetup suspend --noflush --nolockfs vg-pool_tmeta
dmsetup reload vg-pool_tmeta --table "0 $(blockdev --getsz /dev/mapper/vg-pool_tmeta) ${target}"
dmsetup resume vg-pool_tmeta`;
}
