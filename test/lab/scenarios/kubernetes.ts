import { checkAgreement } from '../guest/agreement.ts';
import { type Cluster, makeNetwork, startCluster } from '../guest/cluster.ts';
import { runContainers, startDocker } from '../guest/docker.ts';
import { checkDockerHost, checkPoolHost, makeMonitoredPool } from '../guest/docker-host.ts';
import { directLvm, writeIn } from '../guest/docker-pool.ts';
import { answering, checkPage } from '../guest/exporter.ts';
import { readLines } from '../guest/image.ts';
import type { Lab } from '../guest/lab.ts';
import { readBlock } from '../guest/readme-block.ts';
import { defineScenario } from '../scenario.ts';

const space = '--namespace thinpool-exporter';
const slow = { timeoutMs: 300_000 };

/** Kinds of the Prometheus operator, of which the server needs only the names: their schemas have tests of their own. */
const operatorKinds = ['PodMonitor', 'PrometheusRule'] as const;

export const kubernetes = defineScenario({
  name: 'kubernetes',
  about:
    "a node of Kubernetes on Docker's LVM pool: helm install and kubectl apply by the README, upgraded, lost a pod, uninstalled",
  disks: ['6G'],
  memory: '5G',
  needsExporter: true,
  timeoutSeconds: 2400,
  steps: async (lab) => {
    // As systemd has it on every host.
    await lab.sh('mount --make-rshared /');
    await makeMonitoredPool(lab);
    await startDocker(lab, directLvm('xfs'), await makeNetwork(lab));
    await runContainers(lab, ['web']);
    const { load, run } = readLines(lab);
    await lab.sh(`cd ${lab.project} && ${load}`, { timeoutMs: 600_000 });
    const [, tag = ''] = /:([^:\s]+)$/.exec(run) ?? [];
    const install = readBlock(lab, 'helm install ');
    const [, registry = ''] = /image\.repository=(\S+)/.exec(install) ?? [];
    // What a registry would have brought to the node, and what the plain manifests require.
    for (const name of [registry, 'localhost/thinpool-exporter'])
      await lab.sh(`docker tag thinpool-exporter:${tag} ${name}:${tag}`);
    const cluster = await startCluster(lab);
    await checkInstall(lab, cluster, install);
    await checkPoolHost(lab, answering, 'installed');
    await checkUpgrade(lab, cluster);
    await writeIn(lab, 'web', 'filler', 64);
    await checkDockerHost(lab, answering, 'upgraded, after 64 MiB');
    await checkLostPod(lab, cluster);
    await checkRemoval(lab);
    await checkUninstall(lab, cluster);
    await checkManifests(lab, cluster);
  },
});

/** The README's line, and then what the chart itself says to type. */
async function checkInstall(lab: Lab, { sh }: Cluster, install: string): Promise<void> {
  const notes = await sh(install);
  lab.write('notes.txt', notes);
  const lines = [...notes.matchAll(/^ {2}(kubectl .*)$/gm)].map(([, line = '']) => line);
  lab.check(
    'the notes of the chart name three commands',
    lines.length === 3,
    lines.map((line) => line.split(' ')[3]).join(', '),
  );
  const lineWith = (word: string) => lines.find((line) => line.includes(word)) ?? 'false';
  const rollout = await sh(lineWith('rollout'), slow);
  lab.check('the DaemonSet is rolled out', rollout.includes('successfully rolled out'), rollout.trim());
  // It ends with 1 where something is missing, and says what.
  const doctor = await sh(`${lineWith('doctor')} || true`, slow);
  lab.write('doctor.txt', doctor);
  await forward(lab, { sh });
}

/** Port 10058 of the pod as port 10058 of the guest, again and again: each ends with its pod. */
async function forward(lab: Lab, { sh }: Cluster): Promise<void> {
  await sh(
    `(while sleep 1; do kubectl ${space} port-forward daemonset/thinpool-exporter 10058; done) >/out/port-forward.log 2>&1 &`,
  );
  await checkPage(lab, 'the page comes through kubectl port-forward', 120);
}

async function checkUpgrade(lab: Lab, { sh }: Cluster): Promise<void> {
  for (const kind of operatorKinds) await sh(`kubectl apply -f - <<'END'\n${definition(kind)}END`);
  const wanted = ['docker', 'podMonitor', 'prometheusRule', 'dashboards'].map(
    (name) => `--set ${name}.enabled=true`,
  );
  await sh(
    `helm upgrade thinpool-exporter deploy/helm/thinpool-exporter ${space} --reuse-values ${wanted.join(' ')}`,
  );
  await sh(`kubectl ${space} rollout status daemonset/thinpool-exporter`, slow);
  const made = await sh(`kubectl ${space} get podmonitor,prometheusrule,configmap -o name`);
  const names = made.split('\n').filter((name) => name.includes('thinpool'));
  lab.check('helm upgrade makes monitor, rules and three dashboards', names.length === 5, names.join(', '));
}

/** Another pod takes the place of one that is gone; the first ends when it is signalled. */
async function checkLostPod(lab: Lab, { sh }: Cluster): Promise<void> {
  const ends = '--filter event=kill --filter event=die --filter label=io.kubernetes.container.name=exporter';
  const format = `--format '{{.TimeNano}} {{.Action}} {{.Actor.Attributes.exitCode}}'`;
  await lab.sh(`docker events ${ends} ${format} >/run/ends &`);
  await sh(`kubectl ${space} delete pod --all`, slow);
  const [signalled = '', ended = ''] = (await lab.sh('cat /run/ends')).trim().split('\n');
  const seconds = (Number.parseInt(ended, 10) - Number.parseInt(signalled, 10)) / 1e9;
  lab.check(
    'it ends on a signal to',
    ended.endsWith(' die 0') && seconds < 10,
    `${ended.split(' ').slice(1).join(' ')} after ${seconds.toFixed(1)} s`,
  );
  await sh(`kubectl ${space} rollout status daemonset/thinpool-exporter`, slow);
  await checkPoolHost(lab, answering, 'another pod');
  const pods = JSON.parse(await sh(`kubectl ${space} get pods -o json`)) as Pods;
  const restarts = pods.items.flatMap(({ status }) =>
    status.containerStatuses.map(({ restartCount }) => restartCount),
  );
  lab.check('no probe has restarted it', restarts.join() === '0', restarts.join());
}

interface Pods {
  readonly items: readonly {
    readonly status: { readonly containerStatuses: readonly { readonly restartCount: number }[] };
  }[];
}

/** Mounts of containers that a pod kept would keep their devices busy. */
async function checkRemoval(lab: Lab): Promise<void> {
  const device = (await lab.sh("docker inspect --format '{{.GraphDriver.Data.DeviceName}}' web")).trim();
  await lab.sh('docker rm -f web', { timeoutMs: 60_000 });
  await checkAgreement(lab, 'the volume of a removed container goes at once', 10, async () =>
    (await lab.sh('dmsetup ls')).split('\n').filter((line) => line.startsWith(device)),
  );
}

async function checkUninstall(lab: Lab, { sh }: Cluster): Promise<void> {
  await sh(`helm uninstall thinpool-exporter ${space} --wait`, slow);
  const kinds = 'daemonset,pod,podmonitor,prometheusrule,configmap,secret,controllerrevision';
  const left = async () =>
    (await sh(`kubectl ${space} get ${kinds} -o name`))
      .split('\n')
      .filter((name) => name.includes('thinpool'));
  // The kubelet takes a minute to clean up after a pod.
  await checkAgreement(lab, 'helm uninstall leaves nothing', 90, left);
}

async function checkManifests(lab: Lab, cluster: Cluster): Promise<void> {
  for (const folder of ['exporter', 'monitoring']) {
    const printed = await cluster.sh(`kubectl apply -k deploy/kubernetes/${folder}`);
    lab.write(`apply-${folder}.txt`, printed);
  }
  await cluster.sh(`kubectl ${space} rollout status daemonset/thinpool-exporter`, slow);
  await checkPage(lab, 'the page comes from the plain manifests', 60);
  await checkPoolHost(lab, answering, 'by the plain manifests');
}

/** As much of a kind as an API server needs to take objects of it. */
function definition(kind: (typeof operatorKinds)[number]): string {
  const plural = `${kind.toLowerCase()}s`;
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.monitoring.coreos.com }
spec:
  group: monitoring.coreos.com
  scope: Namespaced
  names: { kind: ${kind}, listKind: ${kind}List, plural: ${plural}, singular: ${kind.toLowerCase()} }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
`;
}
