import { captureHost } from '../guest/capture.ts';
import { runContainers, startDocker, stopDocker } from '../guest/docker.ts';
import { defineScenario } from '../scenario.ts';

export const captureDockerDirect = defineScenario({
  name: 'capture-docker-direct',
  about: 'Docker 20.10 on an LVM pool (direct-lvm, XFS), with containers; then with dockerd stopped',
  disks: ['8G'],
  timeoutSeconds: 300,
  steps: async (lab) => {
    await lab.sh('vgcreate docker /dev/ubda');
    await lab.sh(
      'lvcreate --wipesignatures y -n thinpool docker -L 4G && lvcreate --wipesignatures y -n thinpoolmeta docker -L 64M',
    );
    await lab.sh(
      'lvconvert -y --zero n -c 512K --thinpool docker/thinpool --poolmetadata docker/thinpoolmeta',
    );
    await lab.sh(
      'mount -t tmpfs tmpfs /var/lib/docker || { mkdir -p /var/lib/docker && mount -t tmpfs tmpfs /var/lib/docker; }',
    );
    await startDocker(
      lab,
      '--storage-opt dm.thinpooldev=/dev/mapper/docker-thinpool --storage-opt dm.fs=xfs ' +
        '--storage-opt dm.use_deferred_removal=true --storage-opt dm.use_deferred_deletion=true',
    );
    await runContainers(lab, ['web', 'idle']);
    await lab.sh(
      'docker exec web /usr/bin/busybox dd if=/dev/zero of=/data bs=1M count=200 && docker stop -t 0 idle',
      { timeoutMs: 60_000 },
    );
    await captureHost(lab, {
      name: 'lab-docker-direct',
      purpose:
        'Docker with the devicemapper driver on an LVM pool (direct-lvm), XFS in the containers: one runs, one is stopped.',
      surprises: [
        "Only running containers have a device: the stopped one, the image and the base appear in the pool's usage only.",
        '/var/lib/docker is a tmpfs here, so the dm names start with its device number, `docker-0:…`.',
        'Docker counts one transaction a device; `lvs` says transaction_id 0 and thin_count 0 for the same pool.',
      ],
      also: ['lvm', 'docker'],
    });
    await lab.sh('docker kill web', { timeoutMs: 60_000 });
    await stopDocker(lab);
    await captureHost(lab, {
      name: 'lab-docker-down',
      purpose: 'The same host with dockerd stopped: the pool is there, and Docker does not answer.',
      surprises: [
        '`docker info` exits 1; with --format it exits 0, prints ServerErrors and no Driver.',
        'Without a running container the pool has no volume left in device-mapper, though its blocks are used.',
      ],
      also: ['lvm', 'docker'],
    });
  },
});

export const captureDockerLoop = defineScenario({
  name: 'capture-docker-loop',
  about: 'Docker 20.10 on loop devices over sparse files (loop-lvm), its default',
  disks: ['8G'],
  timeoutSeconds: 300,
  steps: async (lab) => {
    await lab.sh('mkfs.ext4 -q /dev/ubda && mkdir -p /var/lib/docker && mount /dev/ubda /var/lib/docker');
    await startDocker(lab, '--storage-opt dm.fs=ext4');
    await runContainers(lab, ['web']);
    await captureHost(lab, {
      name: 'lab-docker-loop',
      purpose:
        'Docker with the devicemapper driver as it comes: a pool on loop devices, 100 GiB sparse on a file system of 8 GiB.',
      surprises: [
        'Data Space Available is what the file system below has left, 8 GB: less than Thin Pool Minimum Free Space, and Docker works.',
        'The pool itself counts 100 GiB, and is in no VG: `lvs` and `vgs` are empty.',
      ],
      also: ['lvm', 'docker'],
    });
  },
});
