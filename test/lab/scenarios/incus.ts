import { captureHost } from '../guest/capture.ts';
import { runTop } from '../guest/exporter.ts';
import type { Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const pool = 'incusvg-IncusThinPool';
const volumeSeconds = 31;

/** Names with all that Incus allows: hyphens, which it doubles, underscores, projects, and snapshots with hyphens. */
const content = `incus create --empty web-01 --storage tp
incus project create staging -c features.profiles=false -c features.images=false
incus create --empty db-02 --project staging --storage tp
incus snapshot create web-01 nightly && incus snapshot create web-01 before-upgrade
incus storage volume create tp backups
incus storage volume create tp my_vol-2 size=1GiB
incus storage volume create tp raw --type=block size=1GiB
incus storage volume snapshot create tp backups snap-1
incus storage volume create tp shared-data --project staging size=1GiB`;

/** Incus activates volumes while they are used. */
const activate = `for lv in $(lvs --noheadings -o lv_name -S segtype=thin incusvg); do lvchange -ay -K incusvg/$lv; done`;

export const incus = defineScenario({
  name: 'incus',
  about:
    'an LVM-thin storage pool of Incus: instances, projects, snapshots and custom volumes as incus names them',
  disks: ['6G'],
  memory: '3G',
  needsExporter: true,
  timeoutSeconds: 500,
  steps: async (lab) => {
    await startIncus(lab);
    await lab.sh('incus storage create tp lvm source=/dev/ubda lvm.vg_name=incusvg', { timeoutMs: 120_000 });
    const { step, finish } = await openWatch(lab, [
      '--collector.lvm.interval=20s',
      '--collector.lvm.timeout=15s',
    ]);
    await step({
      name: 'nothing in use',
      act: () => lab.sh(content, { timeoutMs: 240_000 }).then(() => {}),
      findings: [`overcommitted-without-reserve ${pool}`],
      exit: 0,
      within: 45,
    });
    await step({
      name: 'all active',
      act: activate,
      exit: 0,
      volumes: true,
      within: volumeSeconds,
      also: (samples) => compareVolumes(lab, samples),
    });
    await step({
      name: 'written to',
      act: `dd if=/dev/urandom of=/dev/incusvg/containers_web--01 bs=1M count=200 seek=400 oflag=direct
dd if=/dev/urandom of=/dev/incusvg/custom_default_raw.block bs=1M count=50 oflag=direct`,
      exit: 0,
      volumes: true,
    });
    await captureHost(lab, {
      name: 'lab-incus',
      purpose:
        'A storage pool of Incus 6.0 on LVM-thin: instances in two projects, snapshots and custom volumes. The volumes are active, as while they are used.',
    });
    await checkTop(lab);
    await finish();
  },
});

async function startIncus(lab: Lab): Promise<void> {
  await lab.sh(
    `mkdir -p /run/incus /var/log/incus
INCUS_SECURITY_APPARMOR=false $(command -v incusd || echo /usr/libexec/incus/incusd) >${lab.out}/incusd.log 2>&1 &
until incus info >/dev/null 2>&1; do sleep 1; done`,
    { timeoutMs: 120_000 },
  );
}

interface Listed {
  readonly name: string;
  readonly type: string;
  readonly project: string;
}

async function listVolumes(lab: Lab): Promise<readonly Listed[]> {
  const { stdout } = await lab.run([
    'incus',
    'storage',
    'volume',
    'list',
    'tp',
    '--all-projects',
    '--format',
    'json',
  ]);
  lab.write('volumes.json', stdout);
  return JSON.parse(stdout) as Listed[];
}

/** The labels that a volume has to have, from what Incus says of it. */
function describe({ name, project }: Listed): string {
  const [id = '', snapshot] = name.split('/');
  const qualified = project === 'default' ? id : `${project}/${id}`;
  return `incus ${snapshot === undefined ? 'disk' : 'snapshot'} ${qualified} ${id}`;
}

async function compareVolumes(lab: Lab, samples: readonly Sample[]): Promise<readonly string[]> {
  const expected = (await listVolumes(lab)).map(describe).toSorted();
  const found = samples
    .filter(({ name, labels }) => name === 'thinpool_volume_info' && labels['pool'] === pool)
    .map(({ labels }) => ['owner', 'role', 'id', 'name'].map((label) => labels[label]).join(' '))
    .toSorted();
  return [
    ...expected.filter((one) => !found.includes(one)).map((one) => `no ${one}`),
    ...found.filter((one) => !expected.includes(one)).map((one) => `${one}, which Incus does not list`),
    ...(found.length === expected.length ? [] : [`${found.length} volumes, not ${expected.length}`]),
  ];
}

/** The commands are Incus's own, with its names: all of them work, snapshots first. STORAGE is for the reader to fill in. */
async function checkTop(lab: Lab): Promise<void> {
  const text = await runTop(lab, pool);
  const commands = [...text.matchAll(/`(?<command>incus [^`]*)`/g)].map((match) => match[1] ?? '');
  const listed = await listVolumes(lab);
  lab.check('top has a command for each volume', commands.length === listed.length, commands.join('; '));
  for (const command of commands.toSorted((one, other) => rank(one) - rank(other))) {
    const { exitCode, stderr } = await lab.run(['bash', '-c', command.replace('STORAGE', 'tp')]);
    lab.check(`${command}: works`, exitCode === 0, stderr.trim() || undefined);
  }
  const left = await listVolumes(lab);
  lab.check('no volume is left', left.length === 0, left.map(({ name }) => name).join(', ') || undefined);
}

const rank = (command: string) => (command.includes('snapshot delete') ? 0 : 1);
