import { existsSync } from 'node:fs';
import path from 'node:path';
import { runContainers, startDocker, stopDocker } from '../guest/docker.ts';
import {
  checkDockerHost,
  makeMonitoredPool,
  minuteSeconds,
  statusesIn,
  threshold,
} from '../guest/docker-host.ts';
import { directLvm, dockerPool as pool, writeIn } from '../guest/docker-pool.ts';
import { checkDockerVariants } from '../guest/docker-variants.ts';
import { answering, checkPage } from '../guest/exporter.ts';
import { archive, readLines, runOnce } from '../guest/image.ts';
import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { type Fact, facts, type Loss, losses } from '../losses.ts';
import { defineScenario } from '../scenario.ts';

export const image = defineScenario({
  name: 'image',
  about:
    "the image in Docker 20.10 on an LVM pool, by the README's docker run, whole and with each part left out",
  disks: ['6G'],
  memory: '3G',
  needsExporter: true,
  timeoutSeconds: 1800,
  steps: async (lab) => {
    if (!existsSync(path.join(lab.project, archive))) throw new Error(`no ${archive}: npm run image`);
    // As systemd has it on every host; without it Docker refuses `rslave`.
    await lab.sh('mount --make-rshared /');
    // As Debian has it.
    await lab.sh('echo 1 >/proc/sys/kernel/dmesg_restrict');
    await makeMonitoredPool(lab);
    await startDocker(lab, directLvm('xfs'));
    await runContainers(lab, ['web']);
    await checkDockerVariants(lab, 'before the image');
    const { load, run: line } = readLines(lab);
    await lab.sh(`cd ${lab.project} && ${load}`, { timeoutMs: 600_000 });
    await lab.sh(line, { timeoutMs: 120_000 });
    await checkPage(lab, "the README's docker run answers", 120);
    await checkDockerHost(lab, answering, 'at first');
    await writeIn(lab, 'web', 'filler', 64);
    await checkDockerHost(lab, answering, 'after 64 MiB');
    await checkHealth(lab);
    lab.write('pages/whole.prom', (await answering.get('/metrics')).body);
    lab.write(
      'memory.txt',
      await lab.sh("cat /proc/$(docker inspect --format '{{.State.Pid}}' thinpool-exporter)/status"),
    );
    await lab.sh('docker rm -f thinpool-exporter', { timeoutMs: 60_000 });
    for (const loss of losses) await checkLoss(lab, line, loss);
    await lab.sh('docker kill $(docker ps -q)', { timeoutMs: 60_000 });
    await stopDocker(lab);
  },
});

async function checkHealth(lab: Lab): Promise<void> {
  const ask = ['docker', 'inspect', '--format', '{{.State.Health.Status}}', 'thinpool-exporter'];
  const after = await until(minuteSeconds, async () => (await lab.run(ask)).stdout.trim() === 'healthy');
  lab.check('Docker calls it healthy', after !== undefined, seconds(after));
}

/** One check without a part of the `docker run`: exactly these facts are missing, and these collectors not ok. */
async function checkLoss(lab: Lab, line: string, { without, lost, collectors }: Loss): Promise<void> {
  const once = runOnce(line, without, `check --json ${patience}`);
  const { stdout, stderr, exitCode } = await lab.run(['bash', '-c', once], { timeoutMs: 240_000 });
  lab.write(`without/${without.replaceAll(/\W+/g, '-')}.json`, stdout);
  const isAnswer = stdout.startsWith('{');
  const missing = isAnswer ? missingIn(stdout) : [`exit ${exitCode} ${stderr.trim()}`];
  const ill = isAnswer ? statusesIn(stdout) : {};
  const same =
    missing.join() === lost.join() && JSON.stringify(sorted(ill)) === JSON.stringify(sorted(collectors));
  const detail = `without ${missing.join(', ') || 'nothing'}; ${JSON.stringify(Object.fromEntries(sorted(ill)))}`;
  lab.check(`docker run without ${without}`, same, detail);
}

/** On a guest that is slow a container's first check is slower still, and late facts would seem to be lost ones. */
const patience = [
  ...['devices', 'pools', 'volumes', 'kmsg', 'kernel', 'filesystems', 'dmeventd', 'lvmpolicy', 'lvm'],
  ...['docker', 'containers'],
]
  .flatMap((name) => [`--collector.${name}.interval=120s`, `--collector.${name}.timeout=60s`])
  .join(' ');

interface CheckAnswer {
  readonly pools?: readonly {
    readonly dmName: string;
    readonly autoextend?: { readonly thresholdPercent: number };
    readonly lvm?: { readonly monitored?: boolean };
    readonly volumeGroup?: object;
    readonly minimumFrees: readonly { readonly origin: string }[];
    readonly volumes: readonly { readonly knownAs?: { readonly kind: string } }[];
  }[];
}

function missingIn(json: string): readonly Fact[] {
  const [found] = (JSON.parse(json) as CheckAnswer).pools ?? [];
  const isTold: Readonly<Record<Fact, boolean>> = {
    pool: found?.dmName === pool,
    policy: found?.autoextend?.thresholdPercent === threshold,
    monitored: found?.lvm?.monitored === true,
    'free space in the VG': found?.volumeGroup !== undefined,
    "Docker's minimum free": found?.minimumFrees.some(({ origin }) => origin === 'docker') ?? false,
    names: found?.volumes.some(({ knownAs }) => knownAs?.kind === 'docker-container') ?? false,
  };
  return facts.filter((fact) => !isTold[fact]);
}

function seconds(after: number | undefined): string | undefined {
  return after === undefined ? undefined : `after ${after.toFixed(1)} s`;
}

function sorted(record: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}
