import { checkAgreement } from '../guest/agreement.ts';
import type { Lab } from '../guest/lab.ts';
import { compareGroup, comparePercent, readGroupTruth } from '../guest/truth.ts';
import { openWatch, type Step } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const pool = 'vg-pool';
/** Volume groups are queried less often. */
const groupSeconds = 75;

const fill = (volume: string, from: number, count: number) =>
  `dd if=/dev/zero of=/dev/vg/${volume} bs=1M seek=${from} count=${count} oflag=direct`;

const steps: readonly Step[] = [
  { name: 'empty', exit: 0 },
  { name: 'a quarter used', act: `${fill('thin', 0, 32)} && ${fill('other', 0, 32)}`, exit: 0 },
  { name: 'three quarters used', act: fill('thin', 32, 128), exit: 0 },
  { name: 'every block used', act: fill('thin', 160, 64), critical: [`data-full ${pool}`], exit: 2 },
  {
    name: 'out of data space, queueing',
    // The writer stays in D state until the pool is extended.
    act: `${fill('thin', 224, 16)} & sleep 2`,
    critical: [`data-full-queueing ${pool}`],
    exit: 2,
  },
  { name: 'extended', act: 'lvextend -L +256M vg/pool && sleep 2', exit: 0 },
  { name: 'metadata extended', act: 'lvextend --poolmetadatasize +8M vg/pool', exit: 0 },
  { name: 'a volume removed', act: 'lvremove -y vg/other && sleep 2', exit: 0, volumes: true },
];

export const smoke = defineScenario({
  name: 'smoke',
  about:
    'the built exporter while a pool is filled to out of data space and grown again: block for block as the tools say',
  disks: ['2G'],
  needsExporter: true,
  timeoutSeconds: 400,
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda');
    await lab.sh('lvcreate -L 256M --thinpool pool vg && lvcreate -V 1G --thin vg/pool -n thin');
    await lab.sh('lvcreate -V 128M --thin vg/pool -n other');
    const { step, finish, exporter } = await openWatch(lab);
    for (const one of steps)
      await step({ ...one, also: (samples) => comparePercent(lab, samples, pool, 'vg/pool') });
    await checkAgreement(lab, 'the volume group as vgs says', groupSeconds, async () =>
      compareGroup(await exporter.samples(), 'vg', await readGroupTruth(lab, 'vg')),
    );
    await checkPages(lab);
    await finish();
  },
});

async function checkPages(lab: Lab): Promise<void> {
  const script = `for page in ${lab.out}/pages/*.prom; do promtool check metrics <"$page"; done`;
  const { stdout, stderr } = await lab.run(['bash', '-c', script]);
  const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
  lab.check('every page is as promtool wants it', complaints.length === 0, complaints[0]);
}
