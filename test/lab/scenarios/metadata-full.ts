import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

/** One page in each chunk: metadata grows by the chunk, data in pages. */
const writer = (chunks: number) => `const fs = require('fs'); const file = fs.openSync('/dev/vg/thin', 'r+');
  const page = Buffer.alloc(4096);
  for (let chunk = 0; chunk < ${chunks}; chunk++) fs.writeSync(file, page, 0, 4096, chunk * 65536);`;
const write = (chunks: number) => `timeout 100 "$LAB_NODE" -e "${writer(chunks)}"; sleep 2`;

/** How many mappings are about half of the metadata, and what becomes of the pool when it is full. */
interface Kernel {
  readonly half: number;
  readonly end: string;
}
const newer: Kernel = { half: 60_000, end: 'pool-failed vg-pool' };
/** Kernel 5.10: leaves of mappings stay half empty, and the pool stays read-only. */
const older: Kernel = { half: 30_000, end: 'pool-needs-check vg-pool' };

export const metadataFull = defineScenario({
  name: 'metadata-full',
  about:
    'metadata used up with data to spare: warned before; the kernel then fails the pool, or 5.10 makes it read-only',
  disks: ['14G'],
  needsExporter: true,
  timeoutSeconds: 300,
  steps: async (lab) => {
    const { half, end } = lab.suite === 'bullseye' ? older : newer;
    // Extents of 1 MiB, as 4 MiB would round the metadata up.
    await lab.sh('vgcreate -s 1m vg /dev/ubda');
    await lab.sh('lvcreate -y -L 12G --poolmetadatasize 2M -c 64K -Z n --thinpool pool vg');
    await lab.sh('lvcreate -V 12G --thin vg/pool -n thin');
    const { step, finish } = await openWatch(lab);
    await step({ name: 'empty', exit: 0 });
    await step({
      name: 'half of the metadata used',
      act: write(half),
      // At this rate metadata lasts seconds, which `check` cannot know.
      critical: ['runs-out-in-minutes vg-pool'],
      checkCritical: [],
      findings: ['metadata-before-data vg-pool'],
      exit: 1,
    });
    await step({
      name: 'metadata full',
      act: write(12 * 16_384),
      // What was still in the page cache is lost.
      critical: [end, 'file-system-errors vg-pool'],
      exit: 2,
      volumes: true,
    });
    await finish();
  },
});
