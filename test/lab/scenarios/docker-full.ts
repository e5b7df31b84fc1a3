import { checkAgreement } from '../guest/agreement.ts';
import { runContainers, startDocker, stopDocker } from '../guest/docker.ts';
import {
  checkDockerWords,
  directLvm,
  dockerPace,
  dockerPool,
  dockerSeconds,
  makeDockerPool,
  poolSeconds,
  writeIn,
} from '../guest/docker-pool.ts';
import { type Exporter, startExporter } from '../guest/exporter.ts';
import { findValue } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { startProber, summarizeProbes } from '../guest/prober.ts';
import { comparePool, readPoolTruth } from '../guest/truth.ts';
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
    timeoutSeconds: 600,
    steps: async (lab) => {
      await makeDockerPool(lab);
      await startDocker(lab, directLvm(fileSystem));
      await runContainers(lab, ['web', 'app', 'held']);
      const exporter = await startExporter(lab, dockerPace);
      const prober = startProber(lab, exporter);
      await checkState(lab, exporter, 'three containers');
      await loadAndPrune(lab, exporter);
      await leaveBehind(lab, exporter);
      await fillUp(lab, exporter);
      prober.stop();
      const answered = prober.probes.every(({ status }) => status === 200);
      lab.check('every scrape answered', answered, summarizeProbes(prober.probes));
      lab.check('it ends by SIGTERM', (await exporter.stop()) === 0);
      await lab.sh('docker kill $(docker ps -q)', { timeoutMs: 60_000 });
      await stopDocker(lab);
    },
  });
}

/** The kernel's blocks and Docker's words. */
async function checkState(lab: Lab, exporter: Exporter, step: string): Promise<void> {
  await checkAgreement(lab, `${step}: metrics as dmsetup says`, poolSeconds, async () =>
    comparePool(await exporter.samples(), dockerPool, await readPoolTruth(lab, dockerPool)),
  );
  await checkDockerWords(lab, exporter, step);
}

/** An image comes by docker load, and goes by docker system prune: used blocks follow both ways. */
async function loadAndPrune(lab: Lab, exporter: Exporter): Promise<void> {
  await lab.sh('tar c -C / usr/bin/busybox usr/bin/docker | docker import - tools', { timeoutMs: 120_000 });
  await lab.sh('docker save tools -o /run/tools.tar && docker rmi tools', { timeoutMs: 120_000 });
  const before = await readPoolTruth(lab, dockerPool);
  await lab.sh('docker load -i /run/tools.tar', { timeoutMs: 120_000 });
  const loaded = await readPoolTruth(lab, dockerPool);
  lab.check(
    'an image takes blocks',
    loaded.usedData > before.usedData,
    `${loaded.usedData - before.usedData}`,
  );
  await checkState(lab, exporter, 'image loaded');
  await lab.sh('docker rm -f app && docker system prune -af', { timeoutMs: 120_000 });
  const pruned = await readPoolTruth(lab, dockerPool);
  lab.check(
    'a prune gives blocks back',
    pruned.usedData < loaded.usedData,
    `${loaded.usedData - pruned.usedData}`,
  );
  await checkState(lab, exporter, 'pruned');
}

/** A process in a mount namespace of its own stands in the container's file system while the container is removed. */
async function leaveBehind(lab: Lab, exporter: Exporter): Promise<void> {
  await lab.sh(`place=$(docker inspect -f '{{.GraphDriver.Data.DeviceName}}' held | sed 's/.*-//')
unshare -m --propagation private sh -c "cd /var/lib/docker/devicemapper/mnt/$place/rootfs && exec sleep 9999" &
echo $! >/run/lab-holder; sleep 1; kill -0 $(cat /run/lab-holder)`);
  await lab.sh('docker rm -f held', { timeoutMs: 60_000 });
  await checkLeft(lab, exporter, 'removed while held', (count) => count > 0, dockerSeconds);
  await checkState(lab, exporter, 'removed while held');
  await lab.sh('kill $(cat /run/lab-holder)');
  await checkLeft(lab, exporter, 'let go', (count) => count === 0, workerSeconds + dockerSeconds);
}

async function checkLeft(
  lab: Lab,
  exporter: Exporter,
  step: string,
  isWanted: (count: number) => boolean,
  seconds: number,
): Promise<void> {
  let seen = '';
  const after = await until(seconds, async () => {
    const info = await lab.run(['docker', 'info']);
    const said = Number(/Deferred Deleted Device Count: (\d+)/.exec(info.stdout)?.[1] ?? Number.NaN);
    const pool = dockerPool;
    const found = findValue(await exporter.samples(), 'thinpool_docker_deferred_deleted_devices', { pool });
    seen = `Docker says ${said}, the metric ${found}`;
    return found === said && isWanted(said);
  });
  lab.check(`${step}: devices left behind`, after !== undefined, `${seen}, after ${after?.toFixed(1)} s`);
}

/** From inside a container, past the floor, to the last block and on; the writer waits there until the pool grows. */
async function fillUp(lab: Lab, exporter: Exporter): Promise<void> {
  await lab.sh('echo 0 >/sys/module/dm_thin_pool/parameters/no_space_timeout');
  const { totalData, usedData, blockBytes } = await readPoolTruth(lab, dockerPool);
  const free = ((totalData - usedData) * blockBytes) / 1024 ** 2;
  await writeIn(lab, 'web', 'filler', Math.floor(free - (totalData * blockBytes) / 1024 ** 2 / 20));
  await checkFinding(lab, exporter, 'below the floor', 'below-minimum-free', true);
  await checkState(lab, exporter, 'below the floor');
  await checkCreation(lab, 'below the floor', false);
  const writer = '/usr/bin/busybox dd if=/dev/zero of=/more bs=1M count=128 conv=fsync';
  await lab.sh(`docker exec -d web ${writer}`, { timeoutMs: 60_000 });
  await checkMode(lab, 'full', 'out_of_data_space');
  await checkFinding(lab, exporter, 'full', 'data-full-queueing', true);
  await checkState(lab, exporter, 'full');
  await checkCreation(lab, 'full', false);
  lab.write('pages/full.prom', (await exporter.get('/metrics')).body);
  await lab.sh('lvextend -L +1G docker/thinpool');
  await checkMode(lab, 'extended', 'rw');
  await checkFinding(lab, exporter, 'extended', 'data-full-queueing', false);
  await checkFinding(lab, exporter, 'extended', 'below-minimum-free', false);
  await lab.sh('while pgrep -f 'of=/[m]ore' >/dev/null; do sleep 0.5; done', { timeoutMs: 60_000 });
  await checkState(lab, exporter, 'extended');
  await checkCreation(lab, 'extended', true);
}

async function checkMode(lab: Lab, step: string, mode: string): Promise<void> {
  const after = await until(60, async () => (await readPoolTruth(lab, dockerPool)).mode === mode);
  lab.check(
    `${step}: the pool is ${mode}`,
    after !== undefined,
    after === undefined ? undefined : `after ${after.toFixed(1)} s`,
  );
}

async function checkCreation(lab: Lab, step: string, isWanted: boolean): Promise<void> {
  const create = ['docker', 'create', '--network', 'none', 'busybox', '/usr/bin/busybox', 'true'];
  const { exitCode, stderr } = await lab.run(create, { timeoutMs: 60_000 });
  const name = isWanted ? 'Docker creates a container' : 'Docker refuses a new container';
  const isRefused = exitCode !== 0 && stderr.includes('less than minimum required');
  lab.check(`${step}: ${name}`, isWanted ? exitCode === 0 : isRefused, stderr.trim() || undefined);
}

async function checkFinding(
  lab: Lab,
  exporter: Exporter,
  step: string,
  code: string,
  isWanted: boolean,
): Promise<void> {
  const labels = { code, pool: dockerPool, resource: 'data' };
  const after = await until(poolSeconds, async () => {
    const isThere = findValue(await exporter.samples(), 'thinpool_finding', labels) === 1;
    return isThere === isWanted;
  });
  const name = `${step}: ${isWanted ? '' : 'no '}${code}`;
  lab.check(name, after !== undefined, after === undefined ? undefined : `after ${after.toFixed(1)} s`);
}
