import { readLoad, secondsOfCommands } from '../../support/load.ts';
import { type Exporter, startExporter } from '../guest/exporter.ts';
import type { Lab } from '../guest/lab.ts';
import { pause } from '../guest/patience.ts';
import { percentile } from '../guest/percentile.ts';
import { endStall, stallMetadata } from '../guest/stall.ts';
import { defineScenario } from '../scenario.ts';

const volumesEach = 10;
const scrapes = 5;
const watchSeconds = 60;
/** Prometheus' own `scrape_timeout`: what takes longer is no answer. */
const patienceSeconds = 10;

/** Other tools that report pools: each reads LVM for every scrape. */
const peers = [
  {
    name: 'the textfile script (prometheus-node-exporter-collectors)',
    command: '/usr/share/prometheus-node-exporter-collectors/lvm-prom-collector -g -p -s -t',
  },
  {
    name: "an exporter of LVM's report, read at each scrape",
    command: 'lvm fullreport --reportformat json --units b --nosuffix',
  },
  {
    name: '`lvs` with the columns of one thin pool',
    command: 'lvs -o lv_name,data_percent,metadata_percent',
  },
] as const;

interface Cost {
  readonly name: string;
  /** Milliseconds of CPU of one scrape, and until it was there. */
  readonly cpu: number;
  readonly took: number;
  /** Whether it was there in time while the metadata of one pool stalled. */
  readonly stalled: string;
}

export const peersScenario = defineScenario({
  name: 'peers',
  about:
    'what a scrape costs and how long it takes, compared with other tools; healthy, and while one pool stalls',
  disks: ['1G', '1G'],
  needsExporter: true,
  timeoutSeconds: 900,
  steps: async (lab) => {
    await makePool(lab, 'sick', '/dev/ubda');
    await makePool(lab, 'well', '/dev/ubdb');
    const costs: Omit<Cost, 'stalled'>[] = [];
    for (const { name, command } of peers) costs.push({ name, ...(await measure(lab, command)) });
    const exporter = await startExporter(lab);
    await pause(30);
    const before = readLoad(exporter.pid);
    const { median } = await scrape(exporter);
    const after = readLoad(exporter.pid);
    const spent = after.ownSeconds + after.childSeconds - before.ownSeconds - before.childSeconds;
    lab.say(`this exporter: ${(1000 * spent).toFixed(0)} ms of CPU in a minute, with a scrape every 5 s`);
    await stallMetadata(lab, 'sick', 0);
    const words = await Promise.all(peers.map(({ command }) => answersInTime(lab, command)));
    const stalled = await scrape(exporter);
    await endStall(lab, 'sick');
    const own = {
      name: 'this exporter',
      cpu: (1000 * spent * 5) / watchSeconds,
      took: median,
      stalled: `after ${stalled.slowest} ms at most`,
    };
    const all: Cost[] = [...costs.map((cost, at) => ({ ...cost, stalled: words[at] ?? '' })), own];
    lab.write('costs.json', `${JSON.stringify(all, null, 1)}\n`);
    for (const { name, cpu, took, stalled: word } of all)
      lab.say(`${name}: ${cpu.toFixed(0)} ms of CPU, ${took.toFixed(0)} ms, stalled: ${word}`);
    lab.check(
      'a scrape takes less than reading LVM',
      costs.every((cost) => own.took < cost.took),
    );
    lab.check(
      'while a pool stalls, others give no answer in time',
      words.every((word) => word === noAnswer),
    );
    lab.check('and this one does', stalled.slowest < 1000 * patienceSeconds, own.stalled);
    lab.check('it ends by SIGTERM', (await exporter.stop()) === 0);
  },
});

const noAnswer = `no answer within ${patienceSeconds} s`;

async function makePool(lab: Lab, vg: string, disk: string): Promise<void> {
  await lab.sh(`vgcreate ${vg} ${disk} && lvcreate -L 512M --thinpool pool ${vg}`);
  await lab.sh(
    `for name in thin $(seq -f other%g ${volumesEach - 1}); do lvcreate -V 1G --thin ${vg}/pool -n $name || exit 1; done
dd if=/dev/zero of=/dev/${vg}/other1 bs=1M count=8 oflag=direct`,
    { timeoutMs: 300_000 },
  );
}

/** Mean of some scrapes, one after the other. */
async function measure(lab: Lab, command: string): Promise<{ readonly cpu: number; readonly took: number }> {
  const startedAt = performance.now();
  const output = await lab.sh(
    `for i in $(seq ${scrapes}); do ${command} >/dev/null || exit 1; done
times`,
    { timeoutMs: 300_000 },
  );
  const took = (performance.now() - startedAt) / scrapes;
  return { cpu: (1000 * secondsOfCommands(output)) / scrapes, took };
}

/** A scrape every five seconds for a minute, in milliseconds. */
async function scrape(exporter: Exporter): Promise<{ readonly median: number; readonly slowest: number }> {
  const times: number[] = [];
  for (let second = 0; second < watchSeconds; second += 5) {
    const { ms, status } = await exporter.get('/metrics');
    times.push(status === 200 ? ms : Number.POSITIVE_INFINITY);
    await pause(5);
  }
  return { median: percentile(times, 0.5), slowest: percentile(times, 1) };
}

async function answersInTime(lab: Lab, command: string): Promise<string> {
  const startedAt = performance.now();
  // What hangs in the kernel dies when the stall ends: it is waited for no longer than that.
  const { exitCode, lost } = await lab.run(['bash', '-c', `${command} >/dev/null`], {
    timeoutMs: 1000 * patienceSeconds,
  });
  return lost === undefined && exitCode === 0
    ? `after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`
    : noAnswer;
}
