import { captureHost } from '../guest/capture.ts';
import type { Lab } from '../guest/lab.ts';
import { defineScenario } from '../scenario.ts';

export const captureRaw = defineScenario({
  name: 'capture-raw',
  about: 'pools made by dmsetup: a block size of 192 KiB, a held metadata root, every feature',
  disks: ['2G'],
  steps: async (lab) => {
    await lab.sh(makeParts('raw', 0));
    // 96 KiB: no multiple of 64 KiB, so the kernel refuses it.
    await lab.sh(
      '! dmsetup create raw --table "0 1048000 thin-pool /dev/mapper/raw-meta /dev/mapper/raw-data 192 0"',
    );
    await lab.sh(
      'dmsetup create raw --table "0 1048000 thin-pool /dev/mapper/raw-meta /dev/mapper/raw-data 384 1000 1 skip_block_zeroing"',
    );
    await lab.sh('dmsetup message raw 0 "create_thin 0" && dmsetup message raw 0 "create_thin 16777215"');
    await lab.sh('dmsetup create raw-first --table "0 409600 thin /dev/mapper/raw 0"');
    await lab.sh('dmsetup create raw-last --table "0 409601 thin /dev/mapper/raw 16777215"');
    await lab.sh('dd if=/dev/zero of=/dev/mapper/raw-first bs=1M count=100 oflag=direct');
    await lab.sh('dmsetup message raw 0 reserve_metadata_snap');
    await lab.sh(makeParts('stern', 1));
    await lab.sh(
      'dmsetup create stern --table "0 1048576 thin-pool /dev/mapper/stern-meta /dev/mapper/stern-data 128 0 3 skip_block_zeroing ignore_discard error_if_no_space"',
    );
    await lab.sh(
      'dmsetup message stern 0 "create_thin 7" && dmsetup create stern-seven --table "0 204800 thin /dev/mapper/stern 7"',
    );
    await lab.sh(makeParts('frozen', 2));
    await lab.sh(
      'dmsetup create frozen --table "0 1048576 thin-pool /dev/mapper/frozen-meta /dev/mapper/frozen-data 128 0"',
    );
    await lab.sh(
      'dmsetup message frozen 0 "create_thin 1" && dmsetup create frozen-one --table "0 204800 thin /dev/mapper/frozen 1"',
    );
    await lab.sh('dd if=/dev/zero of=/dev/mapper/frozen-one bs=1M count=10 oflag=direct');
    await lab.sh('dmsetup remove frozen-one && dmsetup remove frozen');
    await lab.sh(
      'dmsetup create frozen --table "0 1048576 thin-pool /dev/mapper/frozen-meta /dev/mapper/frozen-data 128 0 1 read_only"',
    );
    await lab.sh('dmsetup create frozen-one --readonly --table "0 204800 thin /dev/mapper/frozen 1"');
    await lab.sh('dmsetup create --notable no-table');
    await captureHost(lab, {
      name: 'lab-raw',
      purpose:
        'Pools without LVM: `raw` with blocks of 192 KiB, a length that is no multiple of them and a held metadata root; `stern` with ' +
        'error_if_no_space and ignore_discard; `frozen` with read_only, as it was wanted. Also a device without a table.',
      surprises: [
        'A block size of 192 sectors is refused: it has to be a multiple of 128.',
        '`frozen`: ro in the status, without needs_check. A thin-pool target is refused in a table of `dmsetup create --readonly`.',
      ],
    });
  },
});

export const captureOddNames = defineScenario({
  name: 'capture-odd-names',
  about:
    'names with doubled hyphens, colons, spaces, bytes that libdm writes as \\xNN; and one that it did not write',
  disks: ['3G'],
  steps: async (lab) => {
    await lab.sh('vgcreate vg-a--b /dev/ubda && lvcreate -L 64M --thinpool pool-1.x+y_z vg-a--b');
    await lab.sh(
      'lvcreate -V 64M --thin vg-a--b/pool-1.x+y_z -n vol- && lvcreate -V 64M --thin vg-a--b/pool-1.x+y_z -n tpool-tpool',
    );
    await lab.sh('lvcreate -L 64M --thinpool docker-only vg-a--b');
    await lab.sh('lvcreate -L 1G -n room vg-a--b');
    const names = ['docker-98:0-24577-pool', 'with space', 'a:b: 0 1 thin-pool', 'ütf', 'semi;%25&'];
    for (const [index, name] of names.entries()) await makeNamedPool(lab, name, index);
    await captureHost(lab, {
      name: 'lab-odd-names',
      purpose:
        'Names that break readers which split at the wrong place. All were made as usual, so libdm wrote what is outside ' +
        'A-Za-z0-9#+-.:=@_ as \\xNN. `info` and `table` are with `--manglename none`, the `.default` files without.',
      surprises: [
        'Without `--manglename none` names are printed decoded: a space, and any other byte, appears as it is.',
        "With `--manglename none` the kernel's own names are printed and taken as arguments: `with\\x20space`.",
      ],
      also: ['lvm', 'mangling'],
    });
    await lab.sh(
      'dmsetup create "raw: 0 1 thin-pool" --manglename none --table "0 8 linear /dev/vg-a--b/room 0"',
    );
    await captureHost(lab, {
      name: 'lab-unmangled-name',
      purpose:
        'The same host with one device more, whose name has a space that libdm did not write as \\x20 (`--manglename none`, or a ' +
        'program without libdm). That one device is enough for `dmsetup info -c` and `dmsetup table` to print nothing at all.',
      surprises: [
        'The `.default` files: stdout empty, exit 1, "should be mangled but it contains blacklisted characters".',
        '`dmsetup ls`, and `status` without a name, fail likewise; `lvs`, `vgs`, and a status of a named device succeed.',
      ],
      also: ['lvm', 'mangling'],
    });
  },
});

/** A place for one pool's data and metadata on the first disk, 600 MiB each. */
function makeParts(name: string, index: number): string {
  const start = index * 1_228_800;
  return `dmsetup create ${name}-meta --table "0 8192 linear /dev/ubda ${start}"
dmsetup create ${name}-data --table "0 1048576 linear /dev/ubda ${start + 8192}"
dd if=/dev/zero of=/dev/mapper/${name}-meta bs=4K count=1`;
}

async function makeNamedPool(lab: Lab, name: string, index: number): Promise<void> {
  const start = index * 204_800;
  await lab.sh(`dmsetup create part${index}-meta --table "0 8192 linear /dev/vg-a--b/room ${start}"
dmsetup create part${index}-data --table "0 131072 linear /dev/vg-a--b/room ${start + 8192}"
dd if=/dev/zero of=/dev/mapper/part${index}-meta bs=4K count=1
dmsetup create '${name}' --table "0 131072 thin-pool /dev/mapper/part${index}-meta /dev/mapper/part${index}-data 128 0"
dmsetup message '${name}' 0 "create_thin 1"
dmsetup create '${name} vol' --table "0 65536 thin $(dmsetup info -c --noheadings --separator : -o major,minor '${name}') 1"`);
}
