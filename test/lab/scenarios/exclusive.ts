import { checkAgreement } from '../guest/agreement.ts';
import { type Exporter, startExporter } from '../guest/exporter.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { startWriter } from '../guest/trial.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const mebibyte = 1024 ** 2;
const stateFile = '/run/exclusive.json';
/** A measurement begins at a full minute. */
const minuteSeconds = 160;

export const exclusive = defineScenario({
  name: 'exclusive',
  about:
    'exclusive space while a pool is written to; the exporter stopped and killed while it holds the metadata snapshot; one of another tool; a sick pool',
  disks: ['2G', '1G'],
  needsExporter: true,
  timeoutSeconds: 1200,
  steps: async (lab) => {
    await makeSlowThinLs(lab);
    await makePools(lab);
    await measureWhileWritten(lab);
    await interrupt(lab, 'stopped by SIGTERM', async (exporter) => {
      lab.check('stopped by SIGTERM: it ends', (await exporter.stop()) === 0);
      lab.check('stopped by SIGTERM: the snapshot is released', (await readHeld(lab)) === '-');
    });
    await interrupt(lab, 'killed', async (exporter) => {
      const held = await readHeld(lab);
      process.kill(exporter.pid, 'SIGKILL');
      await lab.run(['sleep', '2']);
      lab.check('killed: the snapshot stays', held !== '-' && (await readHeld(lab)) === held, held);
    });
    const restarted = await startExporter(lab, [`--volumes.exclusive-state=${stateFile}`]);
    await checkAgreement(lab, 'started again: the snapshot is released', 60, async () => {
      const held = await readHeld(lab);
      return held === '-' ? [] : [`block ${held} is held`];
    });
    await restarted.stop();
    await leaveAlone(lab);
  },
});

/** As a large pool has: thin_ls takes long while a file says so. */
async function makeSlowThinLs(lab: Lab): Promise<void> {
  await lab.sh(`mkdir /run/slow
printf '#!/bin/sh\\n[ -e /run/slow/on ] && sleep 120\\nexec /usr/sbin/thin_ls "$@"\\n' >/run/slow/thin_ls
chmod +x /run/slow/thin_ls`);
  process.env['PATH'] = `/run/slow:${process.env['PATH'] ?? ''}`;
}

/** A volume of which half is shared with its snapshot, one that is written to, and another pool, whose turn is after the first. */
async function makePools(lab: Lab): Promise<void> {
  const write = (megabytes: number) =>
    `dd if=/dev/zero of=/dev/vg/base bs=1M count=${megabytes} oflag=direct`;
  await lab.sh(`vgcreate vg /dev/ubda && lvcreate -L 1G -c 64k --poolmetadatasize 8M --thinpool pool vg
lvcreate -V 256M --thin vg/pool -n base && ${write(100)}
lvcreate -s -n snap vg/base && ${write(50)}
lvcreate -V 256M --thin vg/pool -n busy
vgcreate worn /dev/ubdb && lvcreate -L 256M --thinpool pool worn && lvcreate -V 100M --thin worn/pool -n thin`);
}

async function measureWhileWritten(lab: Lab): Promise<void> {
  const isDone = await startWriter(
    lab,
    'for at in $(seq 0 199); do [ -e /run/quiet ] && break; dd if=/dev/zero of=/dev/vg/busy bs=1M seek=$at count=1 oflag=direct; sleep 1; done',
  );
  const { step, finish, exporter } = await openWatch(lab, argsFor(nextMinute()));
  await checkAgreement(lab, 'while it is written to: measured', minuteSeconds, async () => {
    const samples = await exporter.samples();
    return [
      ...compareBytes(samples, 'vg-base', 50 * mebibyte),
      ...compareBytes(samples, 'vg-snap', 50 * mebibyte),
      ...compareOutcome(samples, 'vg-pool', 'measured'),
    ];
  });
  lab.check('while it is written to: nothing is held', (await readHeld(lab)) === '-');
  lab.check('while it is written to: it still is', (await isDone()) === undefined);
  const busy = findValue(await exporter.samples(), 'thinpool_volume_exclusive_bytes', { volume: 'vg-busy' });
  const isWhole = busy !== undefined && busy > 0 && busy <= 200 * mebibyte && busy % 65_536 === 0;
  lab.check('while it is written to: what was written by then counts', isWhole, `${busy} bytes`);
  await step({
    name: 'written',
    act: 'touch /run/quiet && sleep 3',
    exit: 0,
    without: ['metadata-snapshot-held vg-pool'],
    volumes: true,
  });
  await checkTop(lab);
  await finish();
}

async function checkTop(lab: Lab): Promise<void> {
  const words = ['top', 'vg/pool', '--json', `--volumes.exclusive-state=${stateFile}`];
  const { stdout } = await lab.run([process.execPath, `${lab.project}/dist/main.js`, ...words], {
    timeoutMs: 60_000,
  });
  const { items } = JSON.parse(stdout) as {
    items: { name: string; bytes: number; bound: string; measuredAt?: number }[];
  };
  const snap = items.find(({ name }) => name === 'vg/snap');
  const isExact =
    snap?.bytes === 50 * mebibyte && snap.bound === 'exact' && (snap.measuredAt ?? 0) > 1_000_000_000_000;
  lab.check('top: the snapshot frees exactly 50 MiB', isExact, JSON.stringify(snap));
}

/** Does something to the exporter while thin_ls reads. */
async function interrupt(lab: Lab, name: string, act: (exporter: Exporter) => Promise<void>): Promise<void> {
  await lab.sh('touch /run/slow/on');
  const exporter = await startExporter(lab, argsFor(nextMinute()));
  const after = await until(minuteSeconds, async () => (await readHeld(lab)) !== '-');
  lab.check(`${name}: the snapshot is reserved`, after !== undefined);
  await until(10, async () => (await lab.run(['pgrep', '-f', '/run/slow/thin_ls'])).exitCode === 0);
  await act(exporter);
  await lab.sh(`rm /run/slow/on; pkill -f '[/]run/slow/thin_ls' || true`);
}

async function leaveAlone(lab: Lab): Promise<void> {
  await lab.sh('dmsetup message vg-pool-tpool 0 reserve_metadata_snap && dmsetup suspend worn-pool-tpool');
  const held = await readHeld(lab);
  const exporter = await startExporter(lab, argsFor(nextMinute()));
  await checkAgreement(
    lab,
    'a foreign snapshot and a suspended pool: not measured',
    minuteSeconds,
    async () => {
      const samples = await exporter.samples();
      return [
        ...compareOutcome(samples, 'vg-pool', 'held'),
        ...compareOutcome(samples, 'worn-pool', 'unhealthy'),
      ];
    },
  );
  lab.check('a foreign snapshot: untouched', held !== '-' && (await readHeld(lab)) === held, held);
  await lab.sh('dmsetup resume worn-pool-tpool && dmsetup message vg-pool-tpool 0 release_metadata_snap');
  await exporter.stop();
}

function compareBytes(samples: readonly Sample[], volume: string, expected: number): readonly string[] {
  const found = findValue(samples, 'thinpool_volume_exclusive_bytes', { volume });
  return found === expected ? [] : [`${volume}: ${found}, not ${expected}`];
}

function compareOutcome(samples: readonly Sample[], pool: string, outcome: string): readonly string[] {
  const found = findValue(samples, 'thinpool_exclusive_outcome_info', { pool, outcome });
  return found === 1 ? [] : [`${pool}: not ${outcome}`];
}

/** The block of the metadata snapshot, or a hyphen. */
async function readHeld(lab: Lab): Promise<string> {
  const { stdout } = await lab.run(['dmsetup', 'status', '--noflush', 'vg-pool-tpool']);
  return stdout.split(' ')[6] ?? '';
}

function argsFor(at: string): readonly string[] {
  return [`--volumes.exclusive-at=${at}`, `--volumes.exclusive-state=${stateFile}`];
}

/** UTC. The exporter has most of a minute to start and to read the host. */
function nextMinute(): string {
  return new Date(Date.now() + 110_000).toISOString().slice(11, 16);
}
