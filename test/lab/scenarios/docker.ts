import { checkAgreement } from '../guest/agreement.ts';
import { compareContainers } from '../guest/containers.ts';
import { runContainers, startDocker, stopDocker } from '../guest/docker.ts';
import {
  checkDockerWords,
  compareMinimumFrees,
  directLvm,
  dockerPace,
  dockerSeconds,
  makeDockerPool,
  dockerPool as pool,
  poolSeconds,
  writeIn,
} from '../guest/docker-pool.ts';
import { type Exporter, startExporter } from '../guest/exporter.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { startProber, summarizeProbes } from '../guest/prober.ts';
import {
  compareGroup,
  comparePercent,
  comparePool,
  compareVolumes,
  readGroupTruth,
  readPoolTruth,
} from '../guest/truth.ts';
import { defineScenario } from '../scenario.ts';

/** Two intervals, and a second for the guest. */
const volumeSeconds = 31;
const lvmSeconds = 121;

export const docker = defineScenario({
  name: 'docker',
  about: "the built exporter beside Docker 20.10 on an LVM pool, below Docker's minimum free space and back",
  disks: ['6G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    await makeDockerPool(lab);
    await startDocker(lab, directLvm('xfs'));
    await runContainers(lab, ['web', 'app']);
    const exporter = await startExporter(lab, dockerPace);
    const prober = startProber(lab, exporter);
    await checkAll(lab, exporter, 'two containers');
    await checkFinding(lab, exporter, 'two containers', false);

    await fillBelowMinimumFree(lab, exporter, 'web');
    await lab.sh('docker rm -f web', { timeoutMs: 60_000 });
    await checkFinding(lab, exporter, 'container removed', false);
    await checkDockerWords(lab, exporter, 'container removed');
    await checkNewContainer(lab, 'container removed', true);

    await fillBelowMinimumFree(lab, exporter, 'app');
    await lab.sh('lvextend -L +512M docker/thinpool');
    await checkAgreement(lab, 'extended: minimum free grows along', poolSeconds, async () =>
      compareMinimumFrees(await exporter.samples(), await readPoolTruth(lab, pool)),
    );
    await checkFinding(lab, exporter, 'extended', false);
    await checkNewContainer(lab, 'extended', true);
    await checkAll(lab, exporter, 'extended');

    prober.stop();
    const answered = prober.probes.every(({ status }) => status === 200);
    lab.check('every scrape answered', answered, summarizeProbes(prober.probes));
    lab.check('it ends by SIGTERM', (await exporter.stop()) === 0);
    await lab.sh('docker kill $(docker ps -q)', { timeoutMs: 60_000 });
    await stopDocker(lab);
  },
});

/** Everything that dmsetup, LVM and Docker say of the pool, against the metrics. */
async function checkAll(lab: Lab, exporter: Exporter, step: string): Promise<void> {
  await checkAgreement(lab, `${step}: metrics as dmsetup says`, poolSeconds, async () =>
    comparePool(await exporter.samples(), pool, await readPoolTruth(lab, pool)),
  );
  await checkAgreement(lab, `${step}: volumes as dmsetup says`, volumeSeconds, async () =>
    compareVolumes(lab, await exporter.samples(), pool),
  );
  await checkDockerWords(lab, exporter, step);
  await checkAgreement(lab, `${step}: containers as docker inspect says`, dockerSeconds, async () =>
    compareContainers(lab, await exporter.samples()),
  );
  await checkAgreement(lab, `${step}: percentages as lvs says`, poolSeconds, async () =>
    comparePercent(lab, await exporter.samples(), pool, 'docker/thinpool'),
  );
  await checkAgreement(lab, `${step}: the volume group as vgs says`, lvmSeconds, async () =>
    compareGroup(await exporter.samples(), 'docker', await readGroupTruth(lab, 'docker')),
  );
}

/** Fills the pool from inside a container until half of Docker's minimum free is left, and proves what that means. */
async function fillBelowMinimumFree(lab: Lab, exporter: Exporter, container: string): Promise<void> {
  const step = `filled by ${container}`;
  const before = await readPoolTruth(lab, pool);
  const free = before.totalData - before.usedData;
  const minimumFree = Math.floor(before.totalData / 10);
  const mebibytes = Math.floor(((free - minimumFree / 2) * before.blockBytes) / 1024 ** 2);
  await writeIn(lab, container, 'filler', mebibytes);
  await checkFinding(lab, exporter, step, true);
  const samples = await exporter.samples();
  const metadata = findFinding(samples, 'metadata');
  lab.check(`${step}: metadata is not below its minimum free`, metadata === undefined);
  await checkDockerWords(lab, exporter, step);
  await checkNewContainer(lab, step, false);
  const { usedData } = await readPoolTruth(lab, pool);
  await writeIn(lab, container, 'more', 8);
  const after = await readPoolTruth(lab, pool);
  const grown = after.usedData - usedData;
  lab.check(`${step}: the container still writes`, grown >= 16, `${grown} blocks more`);
  lab.check(`${step}: the pool is rw`, after.mode === 'rw', after.mode);
  const { status } = await exporter.get('/-/ready');
  lab.check(`${step}: still ready`, status === 200, `${status}`);
  lab.write(`pages/${step.replaceAll(' ', '-')}.prom`, (await exporter.get('/metrics')).body);
}

/** Docker's own refusal names free and minimum in blocks: the same numbers as ours. */
async function checkNewContainer(lab: Lab, step: string, isWanted: boolean): Promise<void> {
  const truth = await readPoolTruth(lab, pool);
  const create = ['docker', 'create', '--network', 'none', 'busybox', '/usr/bin/busybox', 'true'];
  const { exitCode, stderr } = await lab.run(create, { timeoutMs: 60_000 });
  if (isWanted) {
    lab.check(`${step}: Docker creates a container`, exitCode === 0, stderr.trim() || undefined);
    return;
  }
  const [, free, least] =
    /has (\d+) free data blocks which is less than minimum required (\d+)/.exec(stderr) ?? [];
  const minimumFree = Math.floor(truth.totalData / 10);
  const isRefused =
    exitCode !== 0 && Number(least) === minimumFree && Number(free) === truth.totalData - truth.usedData;
  lab.check(`${step}: Docker refuses a new container`, isRefused, stderr.trim());
}

function findFinding(samples: readonly Sample[], resource: string): number | undefined {
  return findValue(samples, 'thinpool_finding', { code: 'below-minimum-free', pool, resource });
}

async function checkFinding(lab: Lab, exporter: Exporter, step: string, isThere: boolean): Promise<void> {
  const after = await until(
    poolSeconds,
    async () => (findFinding(await exporter.samples(), 'data') === 1) === isThere,
  );
  const what = isThere ? 'below-minimum-free' : 'not below-minimum-free';
  lab.check(
    `${step}: ${what}`,
    after !== undefined,
    after === undefined ? undefined : `after ${after.toFixed(1)} s`,
  );
}
