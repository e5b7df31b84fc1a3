import { runContainers, startDocker, stopDocker } from '../guest/docker.ts';
import {
  checkDockerWords,
  directLvm,
  dockerPace,
  dockerPool,
  dockerSeconds,
  makeDockerPool,
  writeIn,
} from '../guest/docker-pool.ts';
import { findValue } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { readPoolTruth } from '../guest/truth.ts';
import { openWatch, type Step, type Watch } from '../guest/watch.ts';
import { defineScenario, type Scenario } from '../scenario.ts';

export const dockerFullExt4 = dockerFull('ext4');
export const dockerFullXfs = dockerFull('xfs');

/** Docker's worker deletes what was left behind every 30 s (moby deviceset.go, startDeviceDeletionWorker). */
const workerSeconds = 31;

function dockerFull(fileSystem: 'ext4' | 'xfs'): Scenario {
  return defineScenario({
    name: `docker-full-${fileSystem}`,
    about: `the built exporter beside Docker on an LVM pool, ${fileSystem}: load, prune, a deletion left behind, on to full and back`,
    disks: ['6G'],
    needsExporter: true,
    timeoutSeconds: 900,
    steps: async (lab) => {
      await makeDockerPool(lab);
      await startDocker(lab, directLvm(fileSystem));
      await runContainers(lab, ['web', 'app', 'held']);
      const watch = await openWatch(lab, dockerPace);
      await take(watch, { name: 'three containers', exit: 0, volumes: true });
      await loadAndPrune(watch);
      await leaveBehind(watch);
      await fillUp(watch);
      await watch.finish();
      await lab.sh('docker kill $(docker ps -q)', { timeoutMs: 60_000 });
      await stopDocker(lab);
    },
  });
}

/** A step, and then Docker's own words for it. */
async function take(watch: Watch, step: Step): Promise<void> {
  await watch.step(step);
  await checkDockerWords(watch.lab, watch.exporter, step.name);
}

/** `docker load` adds an image, `docker system prune` removes it: used blocks follow both. */
async function loadAndPrune(watch: Watch): Promise<void> {
  const { lab } = watch;
  await lab.sh('tar c -C / usr/bin/busybox usr/bin/docker | docker import - tools', { timeoutMs: 120_000 });
  await lab.sh('docker save tools -o /run/tools.tar && docker rmi tools', { timeoutMs: 120_000 });
  const before = await readPoolTruth(lab, dockerPool);
  await take(watch, { name: 'image loaded', act: 'docker load -i /run/tools.tar', exit: 0 });
  const loaded = await readPoolTruth(lab, dockerPool);
  const taken = loaded.usedData - before.usedData;
  lab.check('an image takes blocks', taken > 0, `${taken}`);
  await take(watch, {
    name: 'pruned',
    act: 'docker rm -f app && docker system prune -af',
    exit: 0,
    volumes: true,
  });
  const freed = loaded.usedData - (await readPoolTruth(lab, dockerPool)).usedData;
  lab.check('a prune gives blocks back', freed > 0, `${freed}`);
}

/**
 * A process in a mount namespace of its own has its working directory in the container's file system while the
 * container is removed.
 */
async function leaveBehind(watch: Watch): Promise<void> {
  const { lab } = watch;
  await lab.sh(`place=$(docker inspect -f '{{.GraphDriver.Data.DeviceName}}' held | sed 's/.*-//')
unshare -m --propagation private sh -c "cd /var/lib/docker/devicemapper/mnt/$place/rootfs && exec sleep 9999" &
echo $! >/run/lab-holder; sleep 1; kill -0 $(cat /run/lab-holder)`);
  await take(watch, { name: 'removed while held', act: 'docker rm -f held', exit: 0 });
  await checkLeft(watch, 'removed while held', (count) => count > 0, dockerSeconds);
  await lab.sh('kill $(cat /run/lab-holder)');
  await checkLeft(watch, 'let go', (count) => count === 0, workerSeconds + dockerSeconds);
  await checkDockerWords(lab, watch.exporter, 'let go');
}

async function checkLeft(
  { lab, exporter }: Watch,
  step: string,
  isWanted: (count: number) => boolean,
  seconds: number,
): Promise<void> {
  let seen = '';
  const after = await until(seconds, async () => {
    const info = await lab.run(['docker', 'info']);
    const reported = Number(/Deferred Deleted Device Count: (\d+)/.exec(info.stdout)?.[1] ?? Number.NaN);
    const pool = dockerPool;
    const found = findValue(await exporter.samples(), 'thinpool_docker_deferred_deleted_devices', { pool });
    seen = `Docker says ${reported}, the metric ${found}`;
    return found === reported && isWanted(reported);
  });
  lab.check(`${step}: devices left behind`, after !== undefined, `${seen}, after ${after?.toFixed(1)} s`);
}

/** From inside a container, past the minimum free, to the last block and on; the writer waits there until the pool grows. */
async function fillUp(watch: Watch): Promise<void> {
  const { lab } = watch;
  const low = `below-minimum-free ${dockerPool}`;
  const soon = `runs-out-in-minutes ${dockerPool}`;
  await lab.sh('echo 0 >/sys/module/dm_thin_pool/parameters/no_space_timeout');
  await take(watch, {
    name: 'below minimum free',
    act: () => fillBelowMinimumFree(lab),
    critical: [low],
    maybeCritical: [soon],
    exit: 2,
  });
  await checkCreation(lab, 'below minimum free', false);
  await take(watch, {
    name: 'full',
    act: () => fillOn(lab),
    critical: [low, `data-full-queueing ${dockerPool}`],
    exit: 2,
  });
  await checkCreation(lab, 'full', false);
  await take(watch, {
    name: 'extended',
    // The brackets: it is not this shell that is meant.
    act: "lvextend -L +1G docker/thinpool && while pgrep -f 'of=/[m]ore' >/dev/null; do sleep 0.5; done",
    // At the growth of the last hour it would be full again within an hour.
    maybeCritical: [soon],
    exit: 0,
    volumes: true,
  });
  await checkCreation(lab, 'extended', true);
}

/** Until half of what Docker keeps free is left. */
async function fillBelowMinimumFree(lab: Lab): Promise<void> {
  const { totalData, usedData, blockBytes } = await readPoolTruth(lab, dockerPool);
  const leave = Math.floor(totalData / 20);
  await writeIn(lab, 'web', 'filler', Math.floor(((totalData - usedData - leave) * blockBytes) / 1024 ** 2));
}

async function fillOn(lab: Lab): Promise<void> {
  const writer = '/usr/bin/busybox dd if=/dev/zero of=/more bs=1M count=128 conv=fsync';
  await lab.sh(`docker exec -d web ${writer}`, { timeoutMs: 60_000 });
  const isFull = async () => (await readPoolTruth(lab, dockerPool)).mode === 'out_of_data_space';
  const after = await until(60, isFull);
  lab.check('full: the pool is out of data space', after !== undefined, `after ${after?.toFixed(1)} s`);
}

async function checkCreation(lab: Lab, step: string, isWanted: boolean): Promise<void> {
  const create = ['docker', 'create', '--network', 'none', 'busybox', '/usr/bin/busybox', 'true'];
  const { exitCode, stderr } = await lab.run(create, { timeoutMs: 60_000 });
  const name = isWanted ? 'Docker creates a container' : 'Docker refuses a new container';
  const isRefused = exitCode !== 0 && stderr.includes('less than minimum required');
  lab.check(`${step}: ${name}`, isWanted ? exitCode === 0 : isRefused, stderr.trim() || undefined);
}
