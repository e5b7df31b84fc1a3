import { type Exporter, runCheck, startExporter } from '../guest/exporter.ts';
import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { startProber, summarizeProbes } from '../guest/prober.ts';
import { compareGroup, comparePercent, comparePool, readGroupTruth, readPoolTruth } from '../guest/truth.ts';
import { defineScenario } from '../scenario.ts';

const pool = 'vg-pool';
/** Two intervals of five seconds, and a second for the guest, which has one slow CPU. */
const poolSeconds = 11;
/** Volume groups are asked less often. */
const groupSeconds = 75;

interface Step {
  readonly name: string;
  readonly script?: string;
  readonly mode: string;
  /** Findings that have to be there, and no other critical one. */
  readonly findings: readonly string[];
}

const fill = (volume: string, from: number, count: number) =>
  `dd if=/dev/zero of=/dev/vg/${volume} bs=1M seek=${from} count=${count} oflag=direct`;

const steps: readonly Step[] = [
  { name: 'empty', mode: 'rw', findings: [] },
  {
    name: 'a quarter used',
    script: `${fill('thin', 0, 32)} && ${fill('other', 0, 32)}`,
    mode: 'rw',
    findings: [],
  },
  { name: 'three quarters used', script: fill('thin', 32, 128), mode: 'rw', findings: [] },
  { name: 'every block used', script: fill('thin', 160, 64), mode: 'rw', findings: ['data-full'] },
  {
    name: 'out of data space, queueing',
    // The writer stays in D state until the pool is extended.
    script: `${fill('thin', 224, 16)} & sleep 2`,
    mode: 'out_of_data_space',
    findings: ['data-full-queueing'],
  },
  { name: 'extended', script: 'lvextend -L +256M vg/pool && sleep 2', mode: 'rw', findings: [] },
  { name: 'metadata extended', script: 'lvextend --poolmetadatasize +8M vg/pool', mode: 'rw', findings: [] },
  { name: 'a volume removed', script: 'lvremove -y vg/other && sleep 2', mode: 'rw', findings: [] },
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
    const exporter = await startExporter(lab);
    const prober = startProber(lab, exporter);
    await checkReadiness(lab, exporter);
    for (const step of steps) await takeStep(lab, exporter, step);
    await checkGroup(lab, exporter);
    const { stdout, exitCode } = await runCheck(lab);
    lab.write('check.json', stdout);
    lab.check('check --json is JSON', isJson(stdout), `exit ${exitCode}`);
    await checkPages(lab);
    prober.stop();
    lab.check(
      'every scrape answered',
      prober.probes.every(({ status }) => status === 200),
      summarizeProbes(prober.probes),
    );
    const exit = await exporter.stop();
    lab.check('it ends by SIGTERM', exit === 0, `exit ${exit}`);
  },
});

async function checkReadiness(lab: Lab, exporter: Exporter): Promise<void> {
  const seconds = await until(15, async () => (await exporter.get('/-/ready')).status === 200);
  lab.check('ready', seconds !== undefined, `after ${seconds?.toFixed(1)} s`);
}

async function takeStep(lab: Lab, exporter: Exporter, step: Step): Promise<void> {
  if (step.script) await lab.sh(step.script);
  let differences: readonly string[] = [];
  const seconds = await until(poolSeconds, async () => {
    const truth = await readPoolTruth(lab, 'vg-pool-tpool');
    differences = comparePool(await exporter.samples(), pool, truth);
    return differences.length === 0;
  });
  const { mode } = await readPoolTruth(lab, 'vg-pool-tpool');
  lab.check(`${step.name}: the pool is ${step.mode}`, mode === step.mode, mode);
  lab.check(`${step.name}: metrics as the tools say`, seconds !== undefined, describe(seconds, differences));
  const percent = await comparePercent(lab, await exporter.samples(), pool, 'vg/pool');
  lab.check(`${step.name}: percentages as lvs says`, percent.length === 0, percent.join('; ') || undefined);
  await checkFindings(lab, exporter, step);
  const { status } = await exporter.get('/-/ready');
  lab.check(`${step.name}: still ready`, status === 200, `${status}`);
  const page = (await exporter.get('/metrics')).body;
  lab.write(`pages/${step.name.replaceAll(/\W+/g, '-')}.prom`, page);
}

async function checkFindings(lab: Lab, exporter: Exporter, step: Step): Promise<void> {
  let wrong: readonly string[] = [];
  const seconds = await until(poolSeconds, async () => {
    const findings = (await exporter.samples()).filter(
      ({ name, value }) => name === 'thinpool_finding' && value === 1,
    );
    const ofPool = findings.filter(({ labels }) => labels['pool'] === pool);
    const codes = ofPool.map(({ labels }) => labels['code'] ?? '');
    const critical = ofPool
      .filter(({ labels }) => labels['severity'] === 'critical')
      .map(({ labels }) => labels['code'] ?? '');
    wrong = [
      ...step.findings.filter((code) => !codes.includes(code)).map((code) => `no ${code}`),
      ...critical.filter((code) => !step.findings.includes(code)).map((code) => `unexpected ${code}`),
    ];
    return wrong.length === 0;
  });
  lab.check(
    `${step.name}: findings ${step.findings.join(', ') || 'none critical'}`,
    seconds !== undefined,
    describe(seconds, wrong),
  );
}

async function checkGroup(lab: Lab, exporter: Exporter): Promise<void> {
  let differences: readonly string[] = [];
  const seconds = await until(groupSeconds, async () => {
    const truth = await readGroupTruth(lab, 'vg');
    differences = compareGroup(await exporter.samples(), 'vg', truth);
    return differences.length === 0;
  });
  lab.check('the volume group as vgs says', seconds !== undefined, describe(seconds, differences));
}

async function checkPages(lab: Lab): Promise<void> {
  const script = `for page in ${lab.out}/pages/*.prom; do promtool check metrics <"$page"; done`;
  const { stdout, stderr } = await lab.run(['bash', '-c', script]);
  // prom-client's own metrics about node end in _total without being counters.
  const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
  lab.check('every page is as promtool wants it', complaints.length === 0, complaints[0]);
}

function describe(seconds: number | undefined, differences: readonly string[]): string {
  return seconds === undefined ? differences.join('; ') : `after ${seconds.toFixed(1)} s`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
