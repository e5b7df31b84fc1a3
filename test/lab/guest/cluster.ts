import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CommandOptions } from './command.ts';
import type { Lab } from './lab.ts';
import { until } from './patience.ts';

/** Where `npm run tools -- cluster` and `npm run tools` leave their programs, below the project. */
const parts = '.cache/kubernetes/cluster';
const clients = '.cache/kubernetes';

/** Docker's bridge is the network of the pods, and its own address that of the node. */
const nodeAddress = '172.31.99.1';
const network = `--bip=${nodeAddress}/24 --ip-masq=false`;
const modules = [
  'lib/crc-ccitt',
  'net/ipv6/ipv6',
  'net/llc/llc',
  'net/802/stp',
  'net/bridge/bridge',
  'drivers/net/veth',
];

/** Options of a Docker that has a network for pods. */
export async function makeNetwork(lab: Lab): Promise<string> {
  for (const module of modules) await lab.sh(`busybox insmod /usr/lib/uml/modules/*/kernel/${module}.ko`);
  return network;
}

const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: lab, cluster: { server: 'https://127.0.0.1:6443', insecure-skip-tls-verify: true } }]
users: [{ name: admin, user: { token: lab } }]
contexts: [{ name: lab, context: { cluster: lab, user: admin } }]
current-context: lab
`;

const kubelet = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: cgroupfs
failSwapOn: false
makeIPTablesUtilChains: false
authentication: { anonymous: { enabled: true }, webhook: { enabled: false } }
authorization: { mode: AlwaysAllow }
# The root of the guest is a small tmpfs.
evictionHard: { memory.available: 1Mi }
imageGCHighThresholdPercent: 100
`;

/** A shell, as it is the first process of the pod: sleep alone would be deaf to SIGTERM there. */
const untilTold = 'trap exit TERM; /usr/bin/busybox sleep 2147483647 & wait';

const services: readonly (readonly [name: string, words: string])[] = [
  ['etcd', '--data-dir /run/cluster/etcd --unsafe-no-fsync'],
  [
    'kube-apiserver',
    [
      '--etcd-servers=http://127.0.0.1:2379 --secure-port=6443 --bind-address=127.0.0.1 --cert-dir=/run/cluster/certificates',
      `--advertise-address=${nodeAddress} --kubelet-preferred-address-types=InternalIP`,
      '--token-auth-file=/run/cluster/tokens.csv --authorization-mode=RBAC --allow-privileged=true',
      '--service-cluster-ip-range=10.254.0.0/24 --service-account-issuer=https://lab',
      '--service-account-key-file=/run/cluster/accounts.key --service-account-signing-key-file=/run/cluster/accounts.key',
    ].join(' '),
  ],
  [
    'kube-controller-manager',
    '--kubeconfig=/run/cluster/kubeconfig --service-account-private-key-file=/run/cluster/accounts.key --leader-elect=false',
  ],
  ['kube-scheduler', '--kubeconfig=/run/cluster/kubeconfig --leader-elect=false'],
  [
    'kubelet',
    [
      '--kubeconfig=/run/cluster/kubeconfig --config=/run/cluster/kubelet.yaml --cert-dir=/run/cluster/kubelet',
      `--hostname-override=node --node-ip=${nodeAddress} --pod-infra-container-image=pause:lab`,
    ].join(' '),
  ],
];

/** The cluster's commands: helm and kubectl are found, and know where it is. */
export interface Cluster {
  /** Shell text that has to succeed; what it printed. */
  readonly sh: (script: string, options?: CommandOptions) => Promise<string>;
}

/**
 * Kubernetes with this guest as its only node, beside a Docker that has a network (`makeNetwork`). Throws where its
 * programs are not there, or do not come up.
 */
export async function startCluster(lab: Lab): Promise<Cluster> {
  const folder = path.join(lab.project, parts);
  if (!existsSync(path.join(folder, 'kubelet')))
    throw new Error(`no ${parts}/kubelet: npm run tools -- cluster`);
  await lab.sh('mkdir -p /run/cluster && openssl genrsa -out /run/cluster/accounts.key 2048');
  await lab.sh(`cat >/run/cluster/kubeconfig <<'END'\n${kubeconfig}END`);
  await lab.sh(`cat >/run/cluster/kubelet.yaml <<'END'\n${kubelet}END`);
  await lab.sh("echo 'lab,admin,1,system:masters' >/run/cluster/tokens.csv");
  // kubelet does not run where it cannot read how fast the CPU is, which user-mode Linux does not report.
  await lab.sh('(cat /proc/cpuinfo; echo "cpu MHz : 1000.0") >/run/cluster/cpuinfo');
  await lab.sh('mount --bind /run/cluster/cpuinfo /proc/cpuinfo');
  // What holds a pod's namespaces; the one of Kubernetes' own lies in a registry.
  const pause = `--change 'ENTRYPOINT ["/usr/bin/busybox", "sh", "-c", "${untilTold}"]'`;
  await lab.sh(`tar c -C / usr/bin/busybox | docker import ${pause} - pause:lab`, { timeoutMs: 60_000 });
  const env = {
    KUBECONFIG: '/run/cluster/kubeconfig',
    PATH: `${path.join(lab.project, clients)}:${process.env['PATH']}`,
  };
  const cluster: Cluster = {
    sh: (script, options) =>
      lab.sh(`cd ${lab.project} && ${script}`, { timeoutMs: 120_000, ...options, env }),
  };
  for (const [name, words] of services) {
    const pid = (await lab.sh(`${folder}/${name} ${words} >/out/${name}.log 2>&1 & echo $!`)).trim();
    if (name === 'kube-apiserver') await waitFor(lab, cluster, 'kubectl get --raw /readyz', pid);
    if (name === 'kubelet')
      await waitFor(lab, cluster, 'kubectl wait --for=condition=Ready --timeout=5s node/node', pid);
  }
  return cluster;
}

/** Retries until it succeeds, while the process runs that is to respond. */
async function waitFor(lab: Lab, { sh }: Cluster, command: string, pid: string): Promise<void> {
  let why: unknown;
  const after = await until(240, async () => {
    await lab.sh(`[ -d /proc/${pid} ]`);
    why = await sh(command).catch((error: Error) => error);
    return typeof why === 'string';
  });
  if (after === undefined) throw why;
  lab.say(`${command}: after ${after.toFixed(0)} s`);
}
