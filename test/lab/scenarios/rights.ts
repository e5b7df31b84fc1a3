import { readFileSync } from 'node:fs';
import path from 'node:path';
import { collectors } from '../../../src/collectors/index.ts';
import { runContainers, startDocker, stopDocker } from '../guest/docker.ts';
import { directLvm, makeDockerPool } from '../guest/docker-pool.ts';
import { parseExposition, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { receiveNotifications } from '../guest/notifications.ts';
import { until } from '../guest/patience.ts';
import { startSystemd } from '../guest/systemd.ts';
import { defineScenario } from '../scenario.ts';

const shippedUnit = 'deploy/packages/systemd/thinpool-exporter.service';

/** The unit as shipped, with changes, and the collectors that then have nothing to report. */
interface Trial {
  readonly name: string;
  readonly change: (unit: string) => string;
  /** Collectors that fail or are absent then, `~name` where a collector answers and knows less. */
  readonly lost: readonly string[];
}

const without = (line: string) => (text: string) => {
  if (!text.includes(`\n${line}\n`)) throw new Error(`the unit has no line ${line}`);
  return text.replace(`\n${line}\n`, '\n');
};
const instead = (line: string, other: string) => (text: string) => {
  if (!text.includes(`\n${line}\n`)) throw new Error(`the unit has no line ${line}`);
  return text.replace(`\n${line}\n`, `\n${other}\n`);
};
const and = (lines: string) => (text: string) => text.replace('\n[Install]', `\n${lines}\n\n[Install]`);

const capabilities = 'CapabilityBoundingSet=CAP_SYS_ADMIN CAP_SYSLOG';
const asUser = instead(
  capabilities,
  `${capabilities}
AmbientCapabilities=CAP_SYS_ADMIN CAP_SYSLOG
User=daemon
SupplementaryGroups=disk`,
);

const trials: readonly Trial[] = [
  { name: 'as shipped', change: (text) => text, lost: [] },
  // Without it the first ioctl fails. LVM and Docker still report their pools.
  {
    name: 'no CAP_SYS_ADMIN',
    change: instead(capabilities, 'CapabilityBoundingSet=CAP_SYSLOG'),
    lost: ['devices'],
  },
  // This kernel still takes CAP_SYS_ADMIN for it, and warns that this will end (kernel printk.c).
  { name: 'no CAP_SYSLOG', change: instead(capabilities, 'CapabilityBoundingSet=CAP_SYS_ADMIN'), lost: [] },
  {
    name: 'no capability',
    change: instead(capabilities, 'CapabilityBoundingSet='),
    lost: ['devices', 'kmsg'],
  },
  {
    name: 'no control device',
    change: without('DeviceAllow=/dev/mapper/control rw'),
    lost: ['devices'],
  },
  { name: 'no kmsg device', change: without('DeviceAllow=/dev/kmsg r'), lost: ['kmsg'] },
  { name: 'no block devices', change: without('DeviceAllow=block-* r'), lost: ['~'] },
  // LVM 2.03.16 reads without its locks then, while another command may write.
  { name: 'no folder for locks', change: without('ReadWritePaths=/run/lock -/run/lvm'), lost: [] },
  // Who is of group 0 sees all processes of such a /proc (proc(5), gid=).
  { name: 'processes of others hidden', change: and('ProtectProc=invisible'), lost: [] },
  { name: 'a user of group disk', change: asUser, lost: ['devices', 'dmeventd', 'lvm', 'docker'] },
];

export const rights = defineScenario({
  name: 'rights',
  about:
    "the shipped unit under a real systemd: what each right is for, the watchdog, and Docker's volumes left alone",
  disks: ['6G'],
  needsExporter: true,
  timeoutSeconds: 1800,
  steps: async (lab) => {
    const inner = await startSystemd(lab);
    await makeHost(inner);
    const shipped = readFileSync(path.join(lab.project, shippedUnit), 'utf8');
    await tryService(inner, shipped);
    await tryNotifications(inner, shipped);
    const reference = await runCheck(inner, bare(shipped));
    lab.check(
      'as root, all of it: every collector answers',
      failingCollectors(reference).length === 0,
      failingCollectors(reference).join(),
    );
    lab.check('a file system on a volume is read', has(reference, 'thinpool_volume_reclaimable_bytes'));
    lab.check(
      'a Prometheus with its data on a volume is found',
      reference.some(({ labels }) => labels['code'] === 'pager-on-pool'),
    );
    for (const { name, change, lost } of trials) {
      const samples = await runCheck(inner, change(shipped));
      const found = lostCollectors(reference, samples);
      const series = lostSeries(reference, samples);
      lab.write(`lost/${name.replaceAll(' ', '-')}.txt`, `${series.join('\n')}\n`);
      const detail = `${found.join(', ') || 'nothing'}, ${series.length} series`;
      lab.check(`${name}: lost is ${lost.join(', ') || 'nothing'}`, found.join() === lost.join(), detail);
    }
    await stopDocker(inner);
  },
});

/** Something for every collector to report: Docker's pool, one of LVM on a file, dmeventd, and a log not for everyone. */
async function makeHost(lab: Lab): Promise<void> {
  await makeDockerPool(lab);
  // dockerd waits fifteen seconds for a containerd that it starts itself, and takes one that it finds.
  await lab.sh(
    'containerd >/out/containerd.log 2>&1 & until [ -S /run/containerd/containerd.sock ]; do sleep 0.5; done',
    {
      timeoutMs: 120_000,
    },
  );
  await startDocker(lab, directLvm('xfs'));
  await runContainers(lab, ['web']);
  await lab.sh(
    'mkdir -m 700 /srv/loops && truncate -s 600M /srv/loops/disk && losetup /dev/loop7 /srv/loops/disk',
  );
  await lab.sh(
    'vgcreate vg /dev/loop7 && lvcreate -q -L 256M --thinpool pool vg && lvcreate -q -V 1G --thin vg/pool -n thin',
  );
  // A file system on a volume, and a program of that name with its data there.
  await lab.sh('mkfs.ext4 -q /dev/vg/thin && mkdir /srv/metrics && mount /dev/vg/thin /srv/metrics');
  await lab.sh(
    "printf '#!/bin/sh\\nsleep 3000\\n' >/srv/prometheus && chmod 755 /srv/prometheus; setsid /srv/prometheus --storage.tsdb.path=/srv/metrics/data >/dev/null 2>&1 &",
  );
  await lab.sh('sysctl -q kernel.dmesg_restrict=1 && pgrep -x dmeventd && mkdir /run/trial');
}

/** What is tried is what is allowed, not how fast the guest is. */
const patiently = collectors
  .map(({ name }) => `--collector.${name}.interval=5m --collector.${name}.timeout=1m`)
  .join(' ');

/** One check of the exporter within a unit's rights. */
async function runCheck(lab: Lab, text: string): Promise<readonly Sample[]> {
  const once = text
    .replace('Type=notify\n', 'Type=oneshot\n')
    .replace(/\nRestart=always\n/, '\nRestart=no\nReadWritePaths=/run/trial\n')
    .replace(/\nWatchdogSec=.*\n/, '\n');
  await lab.sh('rm -f /run/trial/page.prom; chmod 1777 /run/trial');
  const name = await install(lab, once, `textfile /run/trial/page.prom --metrics.set=all ${patiently}`);
  await lab.run(['systemctl', 'start', name], { timeoutMs: 120_000 });
  return parseExposition((await lab.run(['cat', '/run/trial/page.prom'])).stdout);
}

let installed = 0;

/** Each under a name of its own, as systemd loads an unknown unit without a reload. Returns that name. */
async function install(lab: Lab, text: string, words: string): Promise<string> {
  installed += 1;
  const name = `trial-${installed}.service`;
  const program = `${process.execPath} ${path.join(lab.project, 'dist/main.js')} ${words}`;
  const own = text
    .replace('ExecStart=/usr/bin/thinpool-exporter', `ExecStart=${program}`)
    // No udev, and none of the usual targets.
    .replace(
      '[Service]\n',
      '[Service]\nEnvironment=DM_DISABLE_UDEV=1\nStandardError=append:/out/exporter.log\n',
    )
    .replace('[Unit]\n', '[Unit]\nDefaultDependencies=no\n');
  await lab.sh(`cat >/etc/systemd/system/${name} <<'UNIT'\n${own}\nUNIT`);
  return name;
}

/** Root with nothing blocked: what comes behind NoNewPrivileges is. */
function bare(text: string): string {
  return `${text.slice(0, text.indexOf('\n# The control device'))}\n[Install]\n`;
}

function has(samples: readonly Sample[], metric: string): boolean {
  return samples.some(({ name }) => name === metric);
}

function statusesOf(samples: readonly Sample[]): ReadonlyMap<string, string> {
  const rows = samples.filter(({ name, value }) => name === 'thinpool_collector_status' && value === 1);
  return new Map(rows.map(({ labels }) => [labels['collector'] ?? '', labels['status'] ?? '']));
}

function failingCollectors(samples: readonly Sample[]): readonly string[] {
  const statuses = [...statusesOf(samples)];
  return statuses.length === 0
    ? ['all']
    : statuses.filter(([, status]) => status !== 'ok').map(([name]) => name);
}

function lostCollectors(reference: readonly Sample[], samples: readonly Sample[]): readonly string[] {
  const failed = failingCollectors(samples);
  const less = lostSeries(reference, samples).length > 0 && failed.length === 0 ? ['~'] : [];
  return [...failed, ...less];
}

/** Of what is one or the other, the value shows what is known; for the rest it changes from check to check. */
const telling = /^thinpool_(?:collector_status|daemon|lvm_monitored)/;

function lostSeries(reference: readonly Sample[], samples: readonly Sample[]): readonly string[] {
  const keyOf = ({ name, labels, value }: Sample) =>
    `${name}${JSON.stringify(labels)}${telling.test(name) ? ` ${value}` : ''}`;
  const there = new Set(samples.map(keyOf));
  return reference.map(keyOf).filter((key) => !there.has(key));
}

/** As a service: ready when it responds, alive under a watchdog, restarted when it is stuck, and at low priority. */
async function tryService(lab: Lab, shipped: string): Promise<void> {
  const sooner = shipped.replace('WatchdogSec=60', 'WatchdogSec=30').replace('RestartSec=5', 'RestartSec=1');
  const unit = await install(lab, sooner, 'serve');
  await lab.run(['systemctl', 'start', unit], { timeoutMs: 120_000 });
  const state = () => lab.sh(`systemctl show -p ActiveState,SubState,NRestarts,MainPID,NotifyAccess ${unit}`);
  const first = await state();
  lab.check(
    'the service is up when it says so',
    /ActiveState=active/.test(first),
    first.replaceAll('\n', ' '),
  );
  const pid = Number(/MainPID=(\d+)/.exec(first)?.[1]);
  const status = await lab.sh(`cat /proc/${pid}/status`);
  lab.check(
    'it has two capabilities',
    /CapEff:\s*0000000400200000/.test(status),
    /CapEff:.*/.exec(status)?.[0],
  );
  lab.say(`${/Seccomp:.*/.exec(status)?.[0]} ${/VmRSS:.*/.exec(status)?.[0]}`);
  await lab.run(['sleep', '65'], { timeoutMs: 90_000 });
  const later = await state();
  lab.check(
    'it lives through two times of the watchdog',
    /NRestarts=0/.test(later) && later.includes(`MainPID=${pid}`),
  );
  await checkLeftAlone(lab);
  const stuck = /MainPID=(\d+)/.exec(await state())?.[1];
  lab.check('it was not started anew meanwhile', stuck === String(pid), stuck);
  await lab.sh(`kill -STOP ${stuck}`);
  const again = await until(60, async () => {
    const now = await state();
    return !now.includes(`MainPID=${stuck}\n`) && now.includes('SubState=running');
  });
  lab.check('stuck, it is started anew', again !== undefined, `after ${again} s`);
  await lab.sh(`systemctl stop ${unit}`, { timeoutMs: 60_000 });
}

const notifyPort = 9097;
const stateFolder = '/var/lib/thinpool-exporter';

/** With notifications: the queue, a secret in a file of root's, and a program that gets what the unit has. systemd's credentials do not arrive in this guest. */
async function tryNotifications(lab: Lab, shipped: string): Promise<void> {
  const { received, close } = await receiveNotifications(lab, notifyPort);
  await lab.sh(`mkdir -m 700 /etc/lab-notify
echo 'http://127.0.0.1:${notifyPort}/secret' >/etc/lab-notify/hook.url && chmod 600 /etc/lab-notify/hook.url
cat >/usr/local/sbin/lab-pager <<'END'
#!/bin/sh
cat >>${stateFolder}/received
{ id -u; grep -E 'CapEff|NoNewPrivs' /proc/self/status; touch /etc/lab-touched && echo etc; su daemon -s /bin/sh -c true && echo su; } >${stateFolder}/rights 2>&1
exit 0
END
chmod 755 /usr/local/sbin/lab-pager`);
  // Each pool has less than that free, which is critical at once.
  const words = 'serve --minimum-free=99% --notify.config.file=/etc/lab-notify/notify.yml';
  const withState = and('StateDirectory=thinpool-exporter')(shipped);
  const unit = await install(lab, withState, words);
  await writeReceivers(lab);
  await lab.run(['systemctl', 'start', unit], { timeoutMs: 120_000 });
  await until(60, async () => received.length > 0);
  lab.check('a webhook is notified whose address is in a file of root', received.length > 0);
  await until(30, async () => (await lab.run(['test', '-s', `${stateFolder}/rights`])).exitCode === 0);
  lab.write('program.txt', await lab.sh(`cat ${stateFolder}/rights`));
  const own = (await lab.run(['cat', `${stateFolder}/rights`])).stdout;
  lab.check(
    'a program runs as root with the two capabilities of the unit, and can neither write elsewhere nor become a user',
    /^0$/m.test(own) &&
      /CapEff:\s*0000000400200000/.test(own) &&
      /NoNewPrivs:\s*1/.test(own) &&
      !/^(?:etc|su)$/m.test(own),
    own.replaceAll('\n', ' '),
  );
  const mode = (await lab.run(['stat', '-c', '%a %U', `${stateFolder}/notify.json`])).stdout.trim();
  // It has no secret: names of pools and receivers, and what is wrong.
  lab.check('the queue is written', mode === '644 root', mode);
  await lab.sh(`systemctl stop ${unit}`, { timeoutMs: 60_000 });

  await lab.sh(`rm -r ${stateFolder}`);
  const before = received.length;
  const without = await install(lab, shipped, words);
  await lab.run(['systemctl', 'start', without], { timeoutMs: 120_000 });
  await until(60, async () => received.length > before);
  const page = (await lab.run(['curl', '-s', 'http://127.0.0.1:10058/metrics'])).stdout;
  lab.check(
    'without StateDirectory it is notified all the same, and the queue is reported as not written',
    received.length > before && /^thinpool_notify_queue_writable 0$/m.test(page),
    `${received.length - before} received, ${/^thinpool_notify_queue_writable.*$/m.exec(page)?.[0]}`,
  );
  await lab.sh(`systemctl stop ${without}`, { timeoutMs: 60_000 });
  close();
}

async function writeReceivers(lab: Lab): Promise<void> {
  await lab.sh(`cat >/etc/lab-notify/notify.yml <<'END'
receivers:
  - { name: hook, url_file: hook.url }
  - { name: pager, type: exec, program: /usr/local/sbin/lab-pager }
END`);
}

/** The service's view of the file systems holds the container's: it must go when the container does. */
async function checkLeftAlone(lab: Lab): Promise<void> {
  const { exitCode, stderr } = await lab.run(['docker', 'rm', '-f', 'web'], { timeoutMs: 90_000 });
  const gone = await until(40, async () => {
    const { stdout } = await lab.run(['dmsetup', 'info', '-c', '--noheadings', '-o', 'name,open']);
    return !/^docker-.*-[0-9a-f]{64}:/m.test(stdout);
  });
  lab.check(
    "a container's volume goes while the service runs",
    exitCode === 0 && gone !== undefined,
    stderr.trim() || undefined,
  );
}
