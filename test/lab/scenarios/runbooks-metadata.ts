import type { Lab } from '../guest/lab.ts';
import { defineRunbookScenario, isWhole } from '../guest/trial.ts';
import type { PoolTruth } from '../guest/truth.ts';

const names = { VG: 'vg', LV: 'pool' } as const;
const POOL = 'vg-pool-tpool';

/** How many chunks are written before and after the metadata is extended and in the end, and what becomes of the pool when it is full. */
interface Kernel {
  readonly early: number;
  readonly later: number;
  readonly all: number;
  readonly end: Partial<PoolTruth>;
}
const newer: Kernel = { early: 95_000, later: 130_000, all: 180_000, end: { mode: 'fail' } };
/** Kernel 5.10: leaves of mappings stay half empty, and the pool stays read-only. */
const older: Kernel = { early: 48_000, later: 65_000, all: 95_000, end: { mode: 'ro', needsCheck: true } };

/** One page in each chunk: metadata grows by the chunk, data in pages. It ends at the first error. */
const writer = (
  from: number,
  to: number,
) => `const fs = require('fs'); const file = fs.openSync('/dev/vg/thin', 'r+');
  const page = Buffer.alloc(4096);
  for (let chunk = ${from}; chunk < ${to}; chunk++) fs.writeSync(file, page, 0, 4096, chunk * 65536);
  fs.fsyncSync(file);`;

const write = (lab: Lab, from: number, to: number) =>
  lab.run(['bash', '-c', `timeout 100 "$LAB_NODE" -e "${writer(from, to)}"; code=$?; sleep 2; exit $code`], {
    timeoutMs: 120_000,
  });

export const runbooksMetadata = defineRunbookScenario({
  name: 'runbooks-metadata',
  about:
    'what the runbooks say for metadata: extended in time; run full, repaired, extended; a snapshot of it released',
  disks: ['16G'],
  timeoutSeconds: 900,
  needsExporter: true,
  blocks: ['extend-metadata', 'free-metadata-snapshot', 'repair-off', 'repair-check', 'repair-on'],
  steps: async ({ lab, attempt, expect }) => {
    const { early, later, all, end } = lab.suite === 'bullseye' ? older : newer;
    await lab.sh('vgcreate -s 1m vg /dev/ubda');
    await lab.sh('lvcreate -y -L 12G --poolmetadatasize 2M -c 64K -Z n --thinpool pool vg');
    await lab.sh('lvcreate -V 12G --thin vg/pool -n thin');
    const first = await write(lab, 0, early);
    lab.check('nearly full: written', first.exitCode === 0, first.stderr);
    const { usedMetadata, totalMetadata } = await expect('nearly full: rw', POOL, { mode: 'rw' });
    lab.say(`${usedMetadata} of ${totalMetadata}`);
    await attempt('extend-metadata', { ...names, SIZE: '1M' });
    await expect('extended: rw, larger', POOL, { mode: 'rw', totalMetadata: totalMetadata + 256 });
    const more = await write(lab, early, later);
    lab.check('extended: writes go on, past what was the end', more.exitCode === 0, more.stderr);
    const late = await expect('extended: still rw', POOL, { mode: 'rw' });
    lab.check('extended: it uses what was added', late.usedMetadata > totalMetadata, `${late.usedMetadata}`);

    await lab.sh(`dmsetup message ${POOL} 0 reserve_metadata_snap`);
    const held = await heldRoot(lab);
    lab.check('a metadata snapshot is held', /^\d+$/.test(held), held);
    await attempt('free-metadata-snapshot', { POOL });
    const released = await heldRoot(lab);
    lab.check('it is released', released === '-', released);

    const over = await write(lab, later, 12 * 16_384);
    lab.check('run full: the writer got an error', over.exitCode !== 0);
    await expect('run full: failed', POOL, end);
    await attempt('repair-off', names);
    const checked = await attempt('repair-check', names);
    lab.check('run full: the metadata is whole', isWhole(checked), `${checked.stdout}${checked.stderr}`);
    await attempt('repair-on', names);
    await expect('repaired: rw', POOL, { mode: 'rw', needsCheck: false });
    await attempt('extend-metadata', { ...names, SIZE: '4M' });
    await expect('repaired and extended: rw', POOL, { mode: 'rw' });
    const rest = await write(lab, later, all);
    lab.check('repaired and extended: all can be written', rest.exitCode === 0, rest.stderr);
    await expect('repaired and extended: rw to the end', POOL, { mode: 'rw' });
  },
});

async function heldRoot(lab: Lab): Promise<string> {
  const status = await lab.sh(`dmsetup status --noflush ${POOL}`);
  return status.split(' ')[6] ?? '';
}
