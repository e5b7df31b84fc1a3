import { captureHost } from '../guest/capture.ts';
import { defineScenario } from '../scenario.ts';

export const captureEmpty = defineScenario({
  name: 'capture-empty',
  about: 'device-mapper without a single device',
  steps: async (lab) => {
    await captureHost(lab, {
      name: 'lab-empty',
      purpose: 'Device-mapper is there, and no device. For: "nothing there", as opposed to "no output".',
      surprises: ['`dmsetup info -c` and `dmsetup table` print `No devices found` to stdout, and exit 0.'],
    });
  },
});

const growProfile = `mkdir -p /etc/lvm/profile
cat >/etc/lvm/profile/grow.profile <<END
activation {
  thin_pool_autoextend_threshold=70
  thin_pool_autoextend_percent=20
}
END`;

export const captureHealthy = defineScenario({
  name: 'capture-healthy',
  about: 'two monitored LVM pools: volumes of different fill, snapshots, an external origin, a 70/20 profile',
  disks: ['4G'],
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda');
    await lab.sh('lvcreate -L 1G --thinpool data vg');
    await lab.sh('for name in root home scratch; do lvcreate -V 1G --thin vg/data -n $name; done');
    await lab.sh('dd if=/dev/zero of=/dev/vg/root bs=1M count=300 oflag=direct');
    await lab.sh('dd if=/dev/zero of=/dev/vg/home bs=1M count=100 oflag=direct');
    await lab.sh('lvcreate -s vg/root -n root-before-upgrade && lvchange -ay -K vg/root-before-upgrade');
    await lab.sh('dd if=/dev/zero of=/dev/vg/root bs=1M count=20 oflag=direct');
    await lab.sh('lvcreate -s vg/home -n home-inactive');
    await lab.sh('lvcreate -L 128M -n image vg && lvchange -an vg/image && lvchange -pr vg/image');
    await lab.sh('lvcreate -s --thinpool vg/data vg/image -n from-image');
    await lab.sh('dd if=/dev/zero of=/dev/vg/from-image bs=1M count=10 oflag=direct');
    await lab.sh(growProfile);
    await lab.sh('lvcreate -L 512M -c 256K --thinpool fast vg && lvchange --metadataprofile grow vg/fast');
    await lab.sh('lvcreate -V 400M --thin vg/fast -n cache');
    await lab.sh('dd if=/dev/zero of=/dev/vg/cache bs=1M count=200 oflag=direct');
    await captureHost(lab, {
      name: 'lab-healthy',
      purpose:
        'Two healthy LVM pools, both monitored: `data` with three volumes of different fill, an active and an inactive snapshot ' +
        'and a volume with an external origin; `fast` with 256 KiB chunks and a metadata profile of 70/20. The ordinary host.',
      surprises: [
        'The active origin of an external snapshot is called `vg-image-real`; `lvs` shows `image` as inactive (`ori-------`).',
        'thin_count of `lvs` counts inactive volumes too: 6, of which device-mapper has 5.',
        'lv_check_needed is `unknown` for whatever is no pool, and chunk_size `0`.',
        'Volumes that share blocks count them each: the volumes of `data` have more mapped than the pool has used.',
      ],
      profiles: ['grow'],
    });
  },
});

export const captureRecipe = defineScenario({
  name: 'capture-recipe',
  about: 'the 95 %VG + 1 %VG recipe with its 80/20 profile, past its threshold: it can never be extended',
  disks: ['1G'],
  steps: async (lab) => {
    await lab.sh('vgcreate docker /dev/ubda');
    await lab.sh('lvcreate --wipesignatures y -n thinpool docker -l 95%VG');
    await lab.sh('lvcreate --wipesignatures y -n thinpoolmeta docker -l 1%VG');
    await lab.sh(
      'lvconvert -y --zero n -c 512K --thinpool docker/thinpool --poolmetadata docker/thinpoolmeta',
    );
    await lab.sh(growProfile.replace('=70', '=80').replace('grow.profile', 'docker-thinpool.profile'));
    await lab.sh(
      'lvchange --metadataprofile docker-thinpool docker/thinpool && lvchange --monitor y docker/thinpool',
    );
    await lab.sh('dmsetup message docker-thinpool 0 "create_thin 1"');
    await lab.sh('dmsetup create docker-254:0-1-base --table "0 2097152 thin /dev/mapper/docker-thinpool 1"');
    await lab.sh('dd if=/dev/zero of=/dev/mapper/docker-254:0-1-base bs=1M count=832 oflag=direct');
    // dmeventd polls every ten seconds; what it runs is run here as well, for its output.
    const { stderr, exitCode } = await lab.run(['lvextend', '--use-policies', 'docker/thinpool']);
    await lab.sh('sleep 12');
    await captureHost(lab, {
      name: 'lab-recipe',
      purpose:
        'The recipe of many articles: 95 %VG for data, 1 %VG for metadata, a profile of 80/20, and Docker as the only user, here at ' +
        'about 86 % used. Automatic extension is set up and monitored, and cannot succeed.',
      surprises: [
        `\`lvextend --use-policies docker/thinpool\` exits ${exitCode}: ${stderr.trim().split('\n').at(-1)?.trim()}`,
        'The pool has no LVM volume, so its dm name is `docker-thinpool`, without `-tpool`; its uuid ends in `-tpool` all the same.',
        'The low water mark in the table is still 0: the profile was attached after the table was loaded.',
      ],
      profiles: ['docker-thinpool'],
    });
  },
});

export const captureResized = defineScenario({
  name: 'capture-resized',
  about: 'a pool whose data and metadata were extended, in several segments',
  disks: ['2G', '1G'],
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda /dev/ubdb');
    await lab.sh('lvcreate -L 256M --thinpool pool vg && lvcreate -V 1G --thin vg/pool -n thin');
    await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=150 oflag=direct');
    await lab.sh('lvcreate -L 64M -n between vg');
    await lab.sh('lvextend -L +256M vg/pool && lvextend --poolmetadatasize +8M vg/pool');
    await lab.sh('lvextend -l +10 vg/pool /dev/ubdb');
    await captureHost(lab, {
      name: 'lab-resized',
      purpose:
        'A pool after its data was extended twice and its metadata once, on a VG of two PVs. Rows and lines repeat here.',
      surprises: [
        'With a segment field such as chunk_size or seg_monitor `lvs` prints a row a segment: `[pool_tdata]` three times, with ' +
          'the same lv_uuid and the whole lv_size each time.',
        'With pv_name `vgs` prints a row a PV, each with the whole vg_size and vg_free.',
        'The linear device below prints one table line a segment.',
      ],
    });
  },
});

export const captureUnmonitored = defineScenario({
  name: 'capture-unmonitored',
  about: 'dmeventd does not run, and monitoring of the pool was turned off',
  disks: ['2G'],
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda');
    await lab.sh('lvcreate -L 256M --thinpool pool vg && lvcreate -V 1G --thin vg/pool -n thin');
    await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=150 oflag=direct');
    await lab.sh('lvchange --monitor n vg/pool');
    await lab.sh('kill $(cat /run/dmeventd.pid); sleep 2; ! test -e /run/dmeventd.pid');
    await captureHost(lab, {
      name: 'lab-unmonitored',
      purpose:
        'A healthy pool that dmeventd does not watch: `lvchange --monitor n`, and dmeventd not running before the capture.',
      surprises: [
        'Requesting seg_monitor started dmeventd; the column then says `not monitored`.',
        'Other fields of lvs, plain `lvs`, `vgs` and `lvmconfig` do not start it.',
      ],
    });
  },
});
