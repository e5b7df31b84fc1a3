import { checkAgreement } from '../guest/agreement.ts';
import { captureHost } from '../guest/capture.ts';
import { processState } from '../guest/command.ts';
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
import { pause, until } from '../guest/patience.ts';
import { readPoolTruth } from '../guest/truth.ts';
import { openWatch, type Watch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

/**
 * The pool queues indefinitely, or has given up and fails writes, and XFS retries its metadata indefinitely, at umount
 * too.
 */
type Story = 'queueing' | 'failing';

const low = `below-minimum-free ${dockerPool}`;
/** Docker's facts are believed for three intervals and a deadline. */
const dockerAgeSeconds = 3 * 15 + 10;
/** Long enough to read the pool while it queues, also where the machine is busy. */
const queueSeconds = 60;

export const xfsHang = defineScenario({
  name: 'xfs-hang',
  about:
    'a container on XFS, the pool full, docker stop: dockerd hangs in umount, the exporter does not; then lvextend',
  disks: ['6G'],
  needsExporter: true,
  timeoutSeconds: 900,
  steps: async (lab) => {
    // What a container wrote goes to the pool within a second or two, not half a minute.
    await lab.sh(
      'cd /proc/sys && for file in vm/dirty_expire_centisecs vm/dirty_writeback_centisecs fs/xfs/xfssyncd_centisecs; do echo 100 >$file; done',
    );
    await makeDockerPool(lab);
    await startDocker(lab, directLvm('xfs'));
    await runContainers(lab, ['one', 'two']);
    const watch = await openWatch(lab, dockerPace);
    await watch.step({ name: 'before', exit: 0 });
    await checkDockerWords(lab, watch.exporter, 'before');
    await hang(watch, 'one', 'queueing');
    await extend(watch, 'queueing', []);
    await hang(watch, 'two', 'failing');
    // For five minutes kernel messages about a file system count.
    await extend(watch, 'failing', [`file-system-errors ${dockerPool}`]);
    await watch.finish();
    await stopDocker(lab);
  },
});

/** Fills the pool from inside the container, and stops it: from then on dockerd waits in the kernel. */
async function hang(watch: Watch, container: string, story: Story): Promise<void> {
  const { lab } = watch;
  await lab.sh(
    `echo ${story === 'queueing' ? 0 : queueSeconds} >/sys/module/dm_thin_pool/parameters/no_space_timeout`,
  );
  await neverGiveUp(lab, container);
  await unshareLog(lab, container);
  const queueing = `data-full-queueing ${dockerPool}`;
  await watch.step({ name: story, act: () => fill(lab, container), critical: [low, queueing], exit: 2 });
  await checkDockerWords(lab, watch.exporter, story);
  const state = story === 'queueing' ? [queueing] : [`data-full-failing ${dockerPool}`, errors];
  if (story === 'failing') {
    const isOver = async () => !(await readPoolTruth(lab, dockerPool)).queues;
    const given = await until(queueSeconds + 5, isOver);
    lab.check('failing: the pool has given up queueing', given !== undefined, inSeconds(given));
    await watch.step({ name: 'no longer queueing', critical: [low, ...state], exit: 2 });
    await checkDockerWords(lab, watch.exporter, 'no longer queueing');
  }
  const from = await stopContainer(watch, container, story);
  await checkBeside(watch, story, state, from);
}

const errors = `file-system-errors ${dockerPool}`;

/** At umount too: since Linux 4.7 XFS would give up there. */
async function neverGiveUp(lab: Lab, container: string): Promise<void> {
  await lab.sh(`place=$(docker inspect -f '{{.GraphDriver.Data.DeviceName}}' ${container})
echo 0 >/sys/fs/xfs/dm-$(dmsetup info -c --noheadings -o minor $place)/error/fail_at_unmount`);
}

/**
 * The log's blocks are the image's until they are written. Without space for one of them XFS shuts down, and umount
 * returns: they are written as they are, while XFS writes nothing.
 */
async function unshareLog(lab: Lab, container: string): Promise<void> {
  await lab.sh(
    `place=$(docker inspect -f '{{.GraphDriver.Data.DeviceName}}' ${container})
device=/dev/mapper/$place; mount=/var/lib/docker/devicemapper/mnt/\${place##*-}
eval $(xfs_db -r -c 'sb 0' -c 'print logstart logblocks' $device | tr -d ' ')
from=$(xfs_db -r -c "convert fsblock $logstart byte" $device | grep -o '([0-9]*' | tr -d '(')
fsfreeze -f $mount
dd if=$device of=$device bs=512K skip=$from seek=$from count=$((logblocks * 4096)) conv=notrunc \
  iflag=direct,skip_bytes,count_bytes oflag=direct,seek_bytes; wrote=$?
fsfreeze -u $mount; exit $wrote`,
    { timeoutMs: 60_000 },
  );
}

/** More than the pool has, the last of it only into the page cache: a writer in D state would be what Docker waits for. */
async function fill(lab: Lab, container: string): Promise<void> {
  const { totalData, usedData, blockBytes } = await readPoolTruth(lab, dockerPool);
  const free = Math.floor(((totalData - usedData) * blockBytes) / 1024 ** 2);
  await writeIn(lab, container, 'filler', free - 40);
  const dd = '/usr/bin/busybox dd if=/dev/zero of=/more bs=1M count=80';
  await lab.sh(`docker exec ${container} ${dd}`, { timeoutMs: 60_000 });
  const full = await until(
    60,
    async () => (await readPoolTruth(lab, dockerPool)).mode === 'out_of_data_space',
  );
  lab.check('the pool is out of data space', full !== undefined, inSeconds(full));
  // Inodes of directories lie all over the file system: metadata that has no block in the pool yet, which is what XFS
  // then writes again and again.
  const mkdir = 'cd / && /usr/bin/busybox mkdir $(/usr/bin/busybox seq 6000)';
  await lab.sh(`docker exec ${container} /usr/bin/busybox sh -c '${mkdir}'`, { timeoutMs: 60_000 });
}

/** Returns since when dockerd hangs, on the clock of the exporter's children. */
async function stopContainer({ lab, children }: Watch, container: string, story: Story): Promise<number> {
  await lab.sh(`docker stop -t 1 ${container} >/out/stop-${container}.log 2>&1 & echo $! >/run/lab-stop`);
  const seconds = await until(60, async () => (await readHungThreads(lab)) !== '');
  const from = children.seconds();
  lab.check(`${story}: dockerd hangs in the kernel`, seconds !== undefined, inSeconds(seconds));
  lab.write(`stack-${story}.txt`, await readHungThreads(lab));
  const info = await lab.run(['docker', 'info'], { timeoutMs: 8000 });
  lab.check(
    `${story}: docker info does not answer`,
    info.exitCode === -1,
    info.lost ?? `exit ${info.exitCode}`,
  );
  return from;
}

/** The stacks of dockerd's threads that are in D state; empty where there is none. */
async function readHungThreads(lab: Lab): Promise<string> {
  const script = `for task in /proc/$(cat /run/lab-dockerd)/task/*; do
  grep '^State:.D' $task/status && cat $task/stack; done`;
  return (await lab.run(['bash', '-c', script])).stdout;
}

/** A docker info is late when it takes longer than a second, seen at the next beat; and the guest's slow CPU. */
const noticeSeconds = 3;

/** While dockerd hangs: the page for it is out, docker info is reported as failed, all else is current. */
async function checkBeside(
  watch: Watch,
  story: Story,
  state: readonly string[],
  from: number,
): Promise<void> {
  const { lab, exporter, children } = watch;
  const failed = await until(dockerSeconds, async () => {
    const samples = await exporter.samples();
    return findValue(samples, 'thinpool_collector_status', { collector: 'docker', status: 'failed' }) === 1;
  });
  lab.check(`${story}: the collector docker has failed`, failed !== undefined, inSeconds(failed));
  await pause(dockerAgeSeconds + 20);
  // Docker's minimum free is remembered; a check that begins now cannot know it.
  const name = `${story}, dockerd hangs`;
  await watch.step({
    name,
    critical: [low, ...state],
    checkCritical: state,
    findings: ['collector-failing docker', 'collector-stuck docker'],
    exit: 2,
  });
  const down = (await exporter.samples()).filter(
    ({ name: metric, value }) => metric === 'thinpool_collector_up' && value !== 1,
  );
  const names = down.map(({ labels }) => labels['collector']).join(', ');
  lab.check(`${name}: no other collector fails`, /^docker(?:, containers)?$/.test(names), names);
  // One that began before may be the one that hangs.
  const debounce = children.alive();
  const own = children.children.filter(
    (child) => child.command.startsWith('docker ') && (child.from > from || debounce.includes(child)),
  );
  const infos = own.filter(({ command }) => command.startsWith('docker info '));
  const seconds = (children.seconds() - from).toFixed(0);
  lab.check(
    `${name}: one docker info waits, and no other is started`,
    infos.length === 1,
    `${infos.length} in ${seconds} s`,
  );
  // The query for containers may be running when dockerd begins to hang, and none begins when docker info is late.
  const noticed = (infos[0]?.from ?? from) + noticeSeconds;
  const later = own.filter((child) => !infos.includes(child) && child.from > noticed);
  lab.check(`${name}: Docker gets no other query`, later.length === 0, later[0]?.command.slice(0, 80));
  const waiting = await countRequests(lab);
  const others = 2;
  lab.check(
    `${name}: dockerd has one request for its info of the exporter's`,
    waiting === others + infos.length,
    `${waiting}; two are this scenario's and check's`,
  );
  if (story === 'failing') await capture(lab);
}

/** The requests for its info that dockerd has not answered, by the stacks that it dumps on a signal. */
async function countRequests(lab: Lab): Promise<number> {
  const script = `kill -USR1 $(cat /run/lab-dockerd); sleep 2
grep -c 'Daemon).SystemInfo' $(ls -t /run/docker/goroutine-stacks-*.log /var/run/docker/goroutine-stacks-*.log | head -1)`;
  return Number((await lab.run(['bash', '-c', script])).stdout);
}

async function capture(lab: Lab): Promise<void> {
  await captureHost(lab, {
    name: 'lab-xfs-hang',
    purpose:
      'A container on XFS filled its pool, which gave up queueing, and was stopped: XFS retries indefinitely at umount (fail_at_unmount=0), and dockerd hangs in it.',
    surprises: ['`docker info` did not answer, so there is no docker/ here.'],
  });
}

/** Everything waits for space only: with it all goes on. */
async function extend(watch: Watch, story: Story, critical: readonly string[]): Promise<void> {
  const { lab, exporter, children } = watch;
  const name = `${story}, extended`;
  await lab.sh('lvextend -L +512M docker/thinpool', { timeoutMs: 60_000 });
  const pid = Number((await lab.run(['cat', '/run/lab-stop'])).stdout);
  const ended = await until(60, async () => processState(pid) === '');
  lab.check(`${name}: docker stop ends`, ended !== undefined, inSeconds(ended));
  await checkAgreement(lab, `${name}: every collector is up`, dockerSeconds, async () =>
    (await exporter.samples())
      .filter((sample) => sample.name === 'thinpool_collector_up' && sample.value !== 1)
      .map(({ labels }) => `${labels['collector']} is down`),
  );
  // The volume is gone with its container: only who saw it knows of which pool the kernel spoke.
  await watch.step({
    name,
    critical,
    // Writes that waited go through at once. For an hour after it filled, the pool would be full again within an hour at
    // the growth of the last hour: the forecast of minutes may begin, and is held.
    maybeCritical: [`runs-out-in-minutes ${dockerPool}`],
    checkCritical: [],
    without: ['collector-failing docker', 'collector-stuck docker'],
    exit: 0,
  });
  await checkDockerWords(lab, exporter, name);
  const old = children.alive().filter(({ from }) => children.seconds() - from > 12);
  lab.check(
    `${name}: no child is left`,
    old.length === 0,
    old.map(({ command }) => command).join('; ') || undefined,
  );
}

function inSeconds(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : `after ${seconds.toFixed(1)} s`;
}
