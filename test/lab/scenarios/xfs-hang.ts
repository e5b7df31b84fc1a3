import { checkAgreement } from '../guest/agreement.ts';
import { captureHost } from '../guest/capture.ts';
import { type ChildWatch, watchChildren } from '../guest/children.ts';
import { processState } from '../guest/command.ts';
import { runContainers, startDocker, stopDocker } from '../guest/docker.ts';
import {
  checkDockerWords,
  directLvm,
  dockerPace,
  dockerPool,
  dockerSeconds,
  makeDockerPool,
  poolSeconds,
} from '../guest/docker-pool.ts';
import { type Exporter, runCheck, startExporter } from '../guest/exporter.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { pause, until } from '../guest/patience.ts';
import { startProber, summarizeProbes } from '../guest/prober.ts';
import { statusAge } from '../guest/timeline.ts';
import { comparePool, readPoolTruth } from '../guest/truth.ts';
import { defineScenario } from '../scenario.ts';

/** The pool queues for ever, or has given up and fails writes, and XFS retries its metadata for ever, at umount too. */
type Story = 'queueing' | 'failing';

export const xfsHang = defineScenario({
  name: 'xfs-hang',
  about:
    'a container on XFS, the pool full, docker stop: dockerd hangs in umount, the exporter does not; then lvextend',
  disks: ['6G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    await makeDockerPool(lab);
    await startDocker(lab, directLvm('xfs'));
    await runContainers(lab, ['one', 'two']);
    const exporter = await startExporter(lab, dockerPace);
    const ages: (number | undefined)[] = [];
    const prober = startProber(lab, exporter, (samples) => ages.push(statusAge(samples, dockerPool)));
    const children = watchChildren(lab, exporter.pid);
    const subject = { lab, exporter, children };
    await checkAllIsWell(subject, 'before');
    ages.splice(0);
    await hang(subject, 'one', 'queueing');
    await extend(subject, 'queueing');
    await hang(subject, 'two', 'failing');
    await extend(subject, 'failing');
    prober.stop();
    children.stop('children.txt');
    const answered = prober.probes.every(({ status }) => status === 200);
    lab.check('every scrape answered', answered, summarizeProbes(prober.probes));
    const oldest = Math.max(...ages.map((age) => age ?? Number.POSITIVE_INFINITY));
    lab.check("the pool's status is never old", oldest <= 8, `at most ${oldest.toFixed(1)} s`);
    const { twins } = children;
    lab.check('no command was started twice', twins.length === 0, twins[0]);
    lab.check('it ends by SIGTERM', (await exporter.stop()) === 0);
    await stopDocker(lab);
  },
});

interface Subject {
  readonly lab: Lab;
  readonly exporter: Exporter;
  readonly children: ChildWatch;
}

/** Fills the pool from inside the container, and stops it: from then on dockerd waits in the kernel. */
async function hang(subject: Subject, container: string, story: Story): Promise<void> {
  const { lab } = subject;
  const timeout = story === 'queueing' ? 0 : 10;
  await lab.sh(`echo ${timeout} >/sys/module/dm_thin_pool/parameters/no_space_timeout`);
  await lab.sh(`place=$(docker inspect -f '{{.GraphDriver.Data.DeviceName}}' ${container})
device=$(basename $(readlink -f /dev/mapper/$place)); [ $device != $place ] ||
  device=dm-$(dmsetup info -c --noheadings -o minor $place)
echo 0 >/sys/fs/xfs/$device/error/fail_at_unmount`);
  const { totalData, usedData, blockBytes } = await readPoolTruth(lab, dockerPool);
  const count = Math.ceil(((totalData - usedData) * blockBytes) / 1024 ** 2) + 64;
  const dd = `/usr/bin/busybox dd if=/dev/zero of=/big bs=1M count=${count}`;
  await lab.sh(`docker exec -d ${container} ${dd}`, { timeoutMs: 60_000 });
  const full = await until(
    90,
    async () => (await readPoolTruth(lab, dockerPool)).mode === 'out_of_data_space',
  );
  lab.check(`${story}: the pool is out of data space`, full !== undefined, inSeconds(full));
  await checkCritical(subject, story, 'data-full-queueing');
  if (story === 'failing') {
    const given = await until(30, async () => !(await readPoolTruth(lab, dockerPool)).queues);
    lab.check('failing: the pool has given up queueing', given !== undefined, inSeconds(given));
    await checkCritical(subject, story, 'data-full-failing');
    await checkCritical(subject, story, 'file-system-errors');
  }
  await stopContainer(lab, container, story);
  await checkBeside(subject, story);
}

async function stopContainer(lab: Lab, container: string, story: Story): Promise<void> {
  await lab.sh(`docker stop -t 1 ${container} >/out/stop-${container}.log 2>&1 & echo $! >/run/lab-stop`);
  const seconds = await until(30, async () => (await hungThread(lab)) !== '');
  const where = await hungThread(lab);
  lab.check(`${story}: dockerd hangs in the kernel`, seconds !== undefined, where);
  const info = await lab.run(['docker', 'info'], { timeoutMs: 8000 });
  lab.check(`${story}: docker info does not answer`, info.exitCode === -1, `${info.exitCode} ${info.lost}`);
}

/** The functions of XFS or of the umount in which a thread of dockerd sits; empty where none is in D. */
async function hungThread(lab: Lab): Promise<string> {
  const script = `for task in /proc/$(cat /run/lab-dockerd)/task/*; do
  grep -q '^State:.D' $task/status && grep -o -E '(xfs|umount|dm|bio|xlog)[a-z_]+' $task/stack | head -3
done | tr '\\n' ' '`;
  return (await lab.run(['bash', '-c', script])).stdout.trim();
}

/** While dockerd hangs: the page for it is out, docker info is told as failed, all else is current. */
async function checkBeside(subject: Subject, story: Story): Promise<void> {
  const { lab, exporter, children } = subject;
  const failed = await until(dockerSeconds, async () => {
    const samples = await exporter.samples();
    return findValue(samples, 'thinpool_source_status', { source: 'docker', status: 'failed' }) === 1;
  });
  lab.check(`${story}: the source docker has failed`, failed !== undefined, inSeconds(failed));
  // Long enough for docker's finding, which has to hold for a minute, and for its facts to be withdrawn.
  await pause(70);
  const samples = await exporter.samples();
  lab.write(`pages/${story}.prom`, (await exporter.get('/metrics')).body);
  const told = ['source-failing', 'source-stuck'].some((code) =>
    hasFinding(samples, { code, source: 'docker' }),
  );
  lab.check(`${story}: a finding says that docker info does not answer`, told);
  await checkAgreement(lab, `${story}: metrics as dmsetup says`, poolSeconds, async () =>
    comparePool(await exporter.samples(), dockerPool, await readPoolTruth(lab, dockerPool)),
  );
  const down = samples.filter(({ name, value }) => name === 'thinpool_source_up' && value !== 1);
  const names = down.map(({ labels }) => labels['source']).join(', ');
  lab.check(`${story}: no other source fails`, names === 'docker', names);
  await checkCritical(subject, story, story === 'queueing' ? 'data-full-queueing' : 'data-full-failing');
  const floor = findValue(samples, 'thinpool_minimum_free_bytes', { pool: dockerPool, resource: 'data' });
  lab.check(`${story}: Docker's floor is known all the same`, floor !== undefined, `${floor}`);
  const own = children.children.filter(({ command }) => command.startsWith('docker '));
  const together = own.filter((child) =>
    own.some((other) => other.from < child.from && other.to > child.from),
  );
  lab.check(`${story}: one docker info at a time`, together.length === 0, `${own.length} in all`);
  const { status, body } = await exporter.get('/-/ready');
  lab.check(`${story}: ready`, status === 200, body.trim());
  const { exitCode, stdout, ms } = await runCheck(lab, { timeoutMs: 60_000 });
  lab.write(`check-${story}.json`, stdout);
  lab.check(`${story}: check ends, critical`, exitCode === 2, `exit ${exitCode} after ${ms} ms`);
  await captureHost(lab, {
    name: `lab-xfs-hang${story === 'queueing' ? '-queueing' : ''}`,
    purpose:
      story === 'queueing'
        ? 'A container on XFS filled its pool, which queues for ever, and was stopped: dockerd hangs in umount.'
        : 'A container on XFS filled its pool, which gave up queueing, and was stopped: XFS retries for ever at umount (fail_at_unmount=0), and dockerd hangs in it.',
    surprises: ['`docker info` did not answer, so there is no docker/ here.'],
  });
}

/** Everything waits for space only: with it all goes on. */
async function extend(subject: Subject, story: Story): Promise<void> {
  const { lab, exporter, children } = subject;
  await lab.sh('lvextend -L +512M docker/thinpool', { timeoutMs: 60_000 });
  const step = `${story}, extended`;
  const ended = await until(
    60,
    async () => processState(Number((await lab.run(['cat', '/run/lab-stop'])).stdout)) === '',
  );
  lab.check(`${step}: docker stop ends`, ended !== undefined, inSeconds(ended));
  await checkAllIsWell(subject, step);
  await checkAgreement(lab, `${step}: no finding of a full pool`, poolSeconds, async () =>
    (await exporter.samples())
      .filter(({ name, value }) => name === 'thinpool_finding' && value === 1)
      .map(({ labels }) => labels['code'] ?? '')
      .filter((code) => code.startsWith('data-full') || code.startsWith('source-')),
  );
  const old = children.alive().filter(({ from }) => children.seconds() - from > 12);
  lab.check(
    `${step}: no child is left`,
    old.length === 0,
    old.map(({ command }) => command).join('; ') || undefined,
  );
}

async function checkAllIsWell({ lab, exporter }: Subject, step: string): Promise<void> {
  await checkAgreement(lab, `${step}: every source is up`, dockerSeconds, async () =>
    (await exporter.samples())
      .filter(({ name, value }) => name === 'thinpool_source_up' && value !== 1)
      .map(({ labels }) => `${labels['source']} is down`),
  );
  await checkAgreement(lab, `${step}: metrics as dmsetup says`, poolSeconds, async () =>
    comparePool(await exporter.samples(), dockerPool, await readPoolTruth(lab, dockerPool)),
  );
  await checkDockerWords(lab, exporter, step);
}

async function checkCritical({ lab, exporter }: Subject, story: Story, code: string): Promise<void> {
  const seconds = await until(poolSeconds, async () =>
    hasFinding(await exporter.samples(), { code, pool: dockerPool, severity: 'critical' }),
  );
  lab.check(`${story}: ${code}, critical`, seconds !== undefined, inSeconds(seconds));
}

function hasFinding(samples: readonly Sample[], labels: Readonly<Record<string, string>>): boolean {
  return findValue(samples, 'thinpool_finding', labels) === 1;
}

function inSeconds(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : `after ${seconds.toFixed(1)} s`;
}
