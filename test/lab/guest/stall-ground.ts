import { startDocker } from './docker.ts';
import { directLvm, makeDockerPool } from './docker-pool.ts';
import type { Lab } from './lab.ts';

/** What can stop answering under a pool. */
export type Device = 'metadata' | 'data' | 'PV';

/** A pool whose storage can be stalled, beside the VG `well`, which stays as it is. */
export interface Ground {
  readonly vg: string;
  readonly pool: string;
  readonly dmName: string;
  readonly devices: Readonly<Record<Device, string>>;
  readonly docker: boolean;
  /** Writes a little more to the pool several times a second until `stopWriter`. */
  readonly startWriter: () => Promise<void>;
  readonly stopWriter: () => Promise<void>;
}

/** Away from the disk's start, or LVM would find the same PV on the disk too. */
const firstSector = 2048;

async function makeDisks(lab: Lab): Promise<void> {
  await lab.sh(
    `size=$(cat /sys/block/ubda/size)
echo "0 $((size - ${firstSector})) linear /dev/ubda ${firstSector}" | dmsetup create under`,
  );
  await lab.sh('vgcreate well /dev/ubdb');
  await makePool(lab, 'well');
}

async function makePool(lab: Lab, vg: string): Promise<void> {
  await lab.sh(`lvcreate -L 512M --thinpool pool ${vg}`);
  await lab.sh(`lvcreate -V 1G --thin ${vg}/pool -n thin && lvcreate -V 1G --thin ${vg}/pool -n other`);
  await write(lab, vg, 0);
}

export async function write(lab: Lab, vg: string, from: number): Promise<void> {
  await lab.sh(`dd if=/dev/zero of=/dev/${vg}/other bs=1M seek=${from} count=8 oflag=direct`);
}

/** LVM's pool, with nothing else on it. */
export async function makeLvmGround(lab: Lab): Promise<Ground> {
  await makeDisks(lab);
  await lab.sh('vgcreate sick /dev/mapper/under');
  await makePool(lab, 'sick');
  return {
    vg: 'sick',
    pool: 'sick-pool',
    dmName: 'sick-pool-tpool',
    devices: { metadata: 'sick-pool_tmeta', data: 'sick-pool_tdata', PV: 'under' },
    docker: false,
    startWriter: async () => {
      await lab.sh(`touch /run/lab-writing
[ -e /run/lab-block ] || echo 0 >/run/lab-block
while [ -e /run/lab-writing ]; do
  block=$(cat /run/lab-block); echo $((block + 8)) >/run/lab-block
  dd if=/dev/zero of=/dev/sick/thin bs=64k seek=$block count=8 oflag=direct 2>/dev/null; sleep 0.1
done & sleep 2`);
    },
    stopWriter: async () => {
      await lab.sh('rm -f /run/lab-writing');
    },
  };
}

/** A new file each time, and a block of the pool for each: overwriting changes nothing that has to be committed. */
const loop =
  'i=$(/usr/bin/busybox date +%s); while :; do /usr/bin/busybox dd if=/dev/zero of=/written-$i bs=512k count=1 conv=fsync; i=$((i + 1)); /usr/bin/busybox sleep 0.1; done';

/** Docker's pool, a container that does nothing, and one that writes once it is started. */
export async function makeDockerGround(lab: Lab): Promise<Ground> {
  // What a file system has to write comes within a second or two, not half a minute after a container was started.
  await lab.sh(
    'cd /proc/sys && for file in vm/dirty_expire_centisecs vm/dirty_writeback_centisecs fs/xfs/xfssyncd_centisecs; do echo 100 >$file; done',
  );
  await makeDisks(lab);
  await makeDockerPool(lab, '/dev/mapper/under');
  await startDocker(lab, directLvm('xfs'));
  await lab.sh('tar c -C / usr/bin/busybox | docker import - busybox', { timeoutMs: 60_000 });
  const run = 'docker run -d --network none --name';
  await lab.sh(`${run} quiet busybox /usr/bin/busybox sleep 9999`, { timeoutMs: 60_000 });
  return {
    vg: 'docker',
    pool: 'docker-thinpool',
    dmName: 'docker-thinpool',
    devices: { metadata: 'docker-thinpool_tmeta', data: 'docker-thinpool_tdata', PV: 'under' },
    docker: true,
    startWriter: async () => {
      await lab.sh(
        `docker start writer 2>/dev/null || ${run} writer busybox /usr/bin/busybox sh -c '${loop}'; sleep 2`,
        { timeoutMs: 60_000 },
      );
    },
    stopWriter: async () => {
      await lab.sh('docker kill writer', { timeoutMs: 60_000 });
    },
  };
}

/** LVM's own settings to read the VG `well` and nothing else. */
export const pastTheStall = ['--config', 'devices{filter=["a|^/dev/ubdb$|","r|.*|"]}'] as const;
