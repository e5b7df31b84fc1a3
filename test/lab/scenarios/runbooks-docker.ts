import { runContainers, startDocker, stopDocker } from '../guest/docker.ts';
import { directLvm, makeDockerPool, dockerPool as POOL, writeIn } from '../guest/docker-pool.ts';
import { startExporter } from '../guest/exporter.ts';
import { until } from '../guest/patience.ts';
import { defineRunbookScenario, type Trial } from '../guest/trial.ts';
import { readPoolTruth } from '../guest/truth.ts';

const names = { VG: 'docker', LV: 'thinpool' } as const;

const blocks = [
  'inspect-containers',
  'inspect-minimum-free',
  'inspect-holders',
  'inspect-collectors',
  'free-pause',
  'free-docker',
  'free-docker-trim',
  'fs-container',
  'extend-data',
] as const;

type DockerTrial = Trial<(typeof blocks)[number]>;

export const runbooksDocker = defineRunbookScenario({
  name: 'runbooks-docker',
  about:
    'what the runbooks say for Docker on an LVM pool: pause, prune, trim, below minimum free, a container whose file system shut down',
  disks: ['6G'],
  timeoutSeconds: 900,
  needsExporter: true,
  blocks,
  steps: async (trial) => {
    const { lab, inspect } = trial;
    // What a container wrote goes to the pool within a second or two, not half a minute.
    await lab.sh(
      'cd /proc/sys && for file in vm/dirty_expire_centisecs vm/dirty_writeback_centisecs fs/xfs/xfssyncd_centisecs; do echo 100 >$file; done',
    );
    await makeDockerPool(lab);
    await startDocker(lab, directLvm('xfs'));
    // Where runbooks expect it.
    await lab.sh('mkdir -p /var/run && cp /run/lab-dockerd /var/run/docker.pid');
    await runContainers(lab, ['web', 'app', 'old']);
    const exporter = await startExporter(lab);
    const { stdout } = await inspect('inspect-containers');
    lab.check('containers: each with its device', /\/web docker-/.test(stdout), stdout.trim());
    await inspect('inspect-holders');
    await inspect('inspect-collectors');
    await pauseWriter(trial);
    await trimContainer(trial);
    await pruneBelowMinimumFree(trial);
    await fillAndRestart(trial);
    await exporter.stop();
    await lab.run(['bash', '-c', 'docker kill $(docker ps -q)'], { timeoutMs: 60_000 });
    await stopDocker(lab);
  },
});

async function pauseWriter({ lab, attempt }: DockerTrial): Promise<void> {
  const loop =
    'i=0; while :; do /usr/bin/busybox dd if=/dev/zero of=/slow bs=1M seek=$i count=1 conv=fsync; i=$((i+1)); /usr/bin/busybox sleep 0.2; done';
  await lab.sh(`docker exec -d app /usr/bin/busybox sh -c '${loop}'; sleep 3`);
  await attempt('free-pause', { CONTAINER: 'app' });
  await lab.sh('sleep 1');
  const first = await readPoolTruth(lab, POOL);
  await lab.sh('sleep 4');
  const second = await readPoolTruth(lab, POOL);
  lab.check(
    'paused: it writes no more',
    first.usedData === second.usedData,
    `${first.usedData}, ${second.usedData}`,
  );
  await lab.sh('docker unpause app; sleep 4');
  const third = await readPoolTruth(lab, POOL);
  lab.check('unpaused: it goes on', third.usedData > second.usedData, `${third.usedData}`);
  await lab.sh('docker restart -t 1 app', { timeoutMs: 60_000 });
}

async function trimContainer({ lab, attempt }: DockerTrial): Promise<void> {
  await writeIn(lab, 'web', 'large', 200);
  await lab.sh('docker exec web /usr/bin/busybox rm /large; docker exec web /usr/bin/busybox sync; sleep 2');
  const full = await readPoolTruth(lab, POOL);
  await attempt('free-docker-trim', { CONTAINER: 'web' });
  await lab.sh('sleep 2');
  const freed = full.usedData - (await readPoolTruth(lab, POOL)).usedData;
  lab.check('trimmed: the blocks of the deleted file are free', freed >= 390, `${freed} blocks`);
}

async function pruneBelowMinimumFree({ lab, attempt, inspect }: DockerTrial): Promise<void> {
  const { totalData, usedData, blockBytes } = await readPoolTruth(lab, POOL);
  const free = ((totalData - usedData) * blockBytes) / 1024 ** 2;
  await writeIn(lab, 'old', 'filler', Math.floor(free - 60));
  await lab.sh('docker stop -t 1 old', { timeoutMs: 60_000 });
  const create = ['docker', 'create', '--network', 'none', 'busybox', '/usr/bin/busybox', 'true'];
  const refused = await lab.run(create, { timeoutMs: 60_000 });
  lab.check(
    'below minimum free: Docker creates nothing',
    refused.stderr.includes('less than minimum required'),
  );
  await inspect('inspect-minimum-free', { ...names, POOL });
  await attempt('free-docker');
  await lab.sh('sleep 2');
  const after = await readPoolTruth(lab, POOL);
  const freed = ((totalData - after.usedData) * blockBytes) / 1024 ** 2;
  lab.check('pruned: the blocks are free', freed > free - 20, `${freed.toFixed(0)} MiB free`);
  const created = await lab.run(create, { timeoutMs: 60_000 });
  lab.check('pruned: Docker creates again', created.exitCode === 0, created.stderr.trim() || undefined);
}

/** The pool fails writes, and the file system of the container shuts down. */
async function fillAndRestart({ lab, attempt, expect }: DockerTrial): Promise<void> {
  await lab.sh('echo 5 >/sys/module/dm_thin_pool/parameters/no_space_timeout');
  const { totalData, usedData, blockBytes } = await readPoolTruth(lab, POOL);
  await writeIn(lab, 'web', 'filler', Math.floor(((totalData - usedData) * blockBytes) / 1024 ** 2) - 40);
  await lab.sh('docker exec web /usr/bin/busybox dd if=/dev/zero of=/more bs=1M count=80', {
    timeoutMs: 60_000,
  });
  await until(60, async () => !(await readPoolTruth(lab, POOL)).queues);
  await expect('full: it fails writes', POOL, { mode: 'out_of_data_space', queues: false });
  const mkdir = 'cd / && /usr/bin/busybox mkdir $(/usr/bin/busybox seq 6000)';
  await lab.run(['docker', 'exec', 'web', '/usr/bin/busybox', 'sh', '-c', mkdir], { timeoutMs: 60_000 });
  const isShut = async () =>
    (await lab.run(['docker', 'exec', 'web', '/usr/bin/busybox', 'touch', '/try'])).exitCode !== 0;
  lab.check('full: the container cannot write any more', (await until(60, isShut)) !== undefined);
  await attempt('extend-data', { ...names, SIZE: '512M' });
  await expect('extended: rw', POOL, { mode: 'rw', queues: true });
  await attempt('fs-container', { CONTAINER: 'web' });
  const { exitCode, stderr } = await lab.run(['docker', 'exec', 'web', '/usr/bin/busybox', 'touch', '/new']);
  lab.check('restarted: the container writes again', exitCode === 0, stderr.trim() || undefined);
}
