import { checkAgreement } from '../guest/agreement.ts';
import { captureHost } from '../guest/capture.ts';
import { runTop } from '../guest/exporter.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { readPoolTruth } from '../guest/truth.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const pool = 'devpool';
const snapshots = 'ctr --namespace k8s.io snapshots --snapshotter devmapper';
const chunkBytes = 128 * 512;
const volumeSeconds = 31;

const config = `version = 2
root = "/var/lib/lab-containerd"
[plugins."io.containerd.snapshotter.v1.devmapper"]
  pool_name = "${pool}"
  root_path = "/var/lib/lab-containerd/devmapper"
  base_image_size = "1GB"
`;

export const containerd = defineScenario({
  name: 'containerd',
  about:
    "containerd's devmapper snapshotter on a raw pool: names and owners as ctr says, layers without a device",
  disks: ['6G', '128M'],
  needsExporter: true,
  timeoutSeconds: 400,
  steps: async (lab) => {
    await makePool(lab);
    await startContainerd(lab);
    const { step, finish, exporter } = await openWatch(lab);
    await step({
      name: 'an image being unpacked',
      act: `${snapshots} prepare unpacking && ${write('unpacking', 100)}`,
      exit: 0,
      volumes: true,
      also: (samples) => compareSnapshots(lab, samples),
      within: volumeSeconds,
    });
    await step({
      name: 'its layer, and two containers',
      act: `${snapshots} commit layer unpacking && ${snapshots} prepare app-1 layer && ${snapshots} prepare app-2 layer && ${write('app-1', 50)}`,
      exit: 0,
      volumes: true,
      also: (samples) => compareSnapshots(lab, samples),
      within: volumeSeconds,
    });
    await captureHost(lab, {
      name: 'lab-containerd',
      purpose:
        'The devmapper snapshotter of containerd on a raw pool: a layer, and two containers above it. The layer is committed, so it has no device.',
      also: [],
    });
    const top = await runTop(lab, pool);
    const isNamed = /snapshot 2/.test(top) && /snapshot 3/.test(top);
    lab.check('top names both containers', isNamed, isNamed ? undefined : top);
    await step({
      name: 'no container left',
      act: `${snapshots} rm app-1 && ${snapshots} rm app-2`,
      exit: 0,
      volumes: true,
    });
    await checkAgreement(lab, 'what the layer uses is in no volume', volumeSeconds, async () => {
      const { usedData } = await readPoolTruth(lab, pool);
      const found = findValue(await exporter.samples(), 'thinpool_unattributed_bytes', { pool });
      return found === usedData * chunkBytes ? [] : [`${found}, not ${usedData * chunkBytes}`];
    });
    lab.check('top names what has no volume', /belongs to no active volume/.test(await runTop(lab, pool)));
    await finish();
  },
});

/** As a person makes it for containerd, by its documentation. */
async function makePool(lab: Lab): Promise<void> {
  await lab.sh('dd if=/dev/zero of=/dev/ubdb bs=4096 count=1 conv=fsync');
  await lab.sh(`dmsetup create ${pool}-meta --table "0 $(blockdev --getsz /dev/ubdb) linear /dev/ubdb 0"`);
  const table = `0 $(blockdev --getsz /dev/ubda) thin-pool /dev/mapper/${pool}-meta /dev/ubda ${chunkBytes / 512} 32768 1 skip_block_zeroing`;
  await lab.sh(`dmsetup create ${pool} --table "${table}"`);
}

async function startContainerd(lab: Lab): Promise<void> {
  lab.write('config.toml', config);
  await lab.sh(`containerd --config ${lab.out}/config.toml >${lab.out}/containerd.log 2>&1 &
until ctr version >/dev/null 2>&1; do sleep 0.5; done`);
}

/** The device of a snapshot as ctr names it. */
const deviceOf = (key: string) => `$(${snapshots} mounts /mnt ${key} | grep -o '/dev/mapper/[^ ]*')`;

function write(key: string, mebibytes: number): string {
  const fill = `dd if=/dev/urandom of=/mnt/data bs=1M count=${mebibytes}`;
  return `mount ${deviceOf(key)} /mnt && ${fill} && umount /mnt && sleep 2`;
}

/** Every snapshot that has a device, by ctr, against the volumes of the page. */
async function compareSnapshots(lab: Lab, samples: readonly Sample[]): Promise<readonly string[]> {
  const list = (await lab.run(['bash', '-c', `${snapshots} ls`])).stdout;
  const active = [...list.matchAll(/^(?<key>\S+) .*\bActive\b/gm)].map((match) => match[1] ?? '');
  const wrong: string[] = [];
  for (const key of active) {
    const device = (await lab.run(['bash', '-c', `basename ${deviceOf(key)}`])).stdout.trim();
    const id = device.split('-').at(-1) ?? '';
    const labels = {
      pool,
      volume: device,
      kind: 'containerd-snapshot',
      known_as: id,
      owner: 'containerd',
      id,
    };
    if (findValue(samples, 'thinpool_volume_info', labels) !== 1)
      wrong.push(`${device} of ${key} is not named`);
  }
  const volumes = samples.filter(({ name }) => name === 'thinpool_volume_info').length;
  return [...wrong, ...(volumes === active.length ? [] : [`${volumes} volumes, not ${active.length}`])];
}
