import { startAlerting, stopAlerting } from '../guest/alerting.ts';
import { type Exporter, startExporter } from '../guest/exporter.ts';
import type { Lab } from '../guest/lab.ts';
import { monotonicSeconds } from '../guest/moments.ts';
import { pause, until } from '../guest/patience.ts';
import { percentile } from '../guest/percentile.ts';
import { fillSteadily } from '../guest/steady-fill.ts';
import { collectNotices, type Notices } from '../guest/webhook.ts';
import { defineScenario } from '../scenario.ts';

const blockBytes = 65_536;
const blocks = 1024;
const blocksPerSecond = 20;
const minimumFreePercent = 20;
const minimumFreeBlocks = Math.floor((blocks * minimumFreePercent) / 100);
/**
 * Written long before: seven seconds of the fill are over when twenty are left, and of the pool less than the forecast
 * wants to be left, which of a pool with more room does not believe a few seconds.
 */
const writtenBefore = 480;
const secondsToFull = 20;

/** What notifies Alertmanager, and how often Prometheus scrapes. */
interface Setup {
  readonly name: string;
  readonly scrapeSeconds?: number;
  readonly notifier: boolean;
  readonly rounds: number;
  /** Whether it is in time for such a fill: a scrape every 15 s has not seen enough of one that takes 27. */
  readonly isInTime: boolean;
  /** Seconds to a page from the moment itself, where they are held to: the median and the slowest. */
  readonly limits?: { readonly median: number; readonly slowest: number };
}

const setups: readonly Setup[] = [
  { name: 'the direct page', notifier: true, rounds: 5, isInTime: true, limits: { median: 1.5, slowest: 3 } },
  { name: 'Prometheus at 5 s', scrapeSeconds: 5, notifier: false, rounds: 5, isInTime: true },
  { name: 'Prometheus at 15 s', scrapeSeconds: 15, notifier: false, rounds: 3, isInTime: false },
];

const moments = ['20 s to full', 'free < minimum', 'full'] as const;
type Moment = (typeof moments)[number];
const alertOf: Readonly<Record<Moment, string>> = {
  '20 s to full': 'ThinPoolRunsOutInMinutes',
  'free < minimum': 'ThinPoolBelowMinimumFree',
  full: 'ThinPoolFull',
};

interface Round {
  readonly delays: Readonly<Record<Moment, number>>;
  /** Seconds from the first page of any kind to a full pool. */
  readonly lead: number;
}

export const pageDelay = defineScenario({
  name: 'page-delay',
  about:
    'half a pool that fills in 27 s: from the moment itself to the webhook of a real Alertmanager, by the direct page and by Prometheus',
  disks: ['2G'],
  needsExporter: true,
  timeoutSeconds: 1800,
  steps: async (lab) => {
    const webhook = await collectNotices(lab);
    let pool = 0;
    for (const setup of setups) {
      const args = setup.notifier
        ? ['--alertmanager.url=http://127.0.0.1:9093', '--alertmanager.label=instance=127.0.0.1:10058']
        : [];
      const exporter = await startExporter(lab, [`--minimum-free=${minimumFreePercent}%`, ...args]);
      await startAlerting(lab, setup.scrapeSeconds);
      if (setup.notifier) await lab.sh('kill $(cat /run/lab-prometheus)');
      const all: Round[] = [];
      for (let round = 0; round < setup.rounds; round += 1) {
        pool += 1;
        all.push(await fillOne(lab, exporter, webhook, `${pool}`));
        lab.say(`${setup.name}, round ${round + 1}: ${describe(all.at(-1))}`);
      }
      judge(lab, setup, all);
      await exporter.stop();
      await stopAlerting(lab);
    }
    lab.write('notices.json', `${JSON.stringify(webhook.notices, null, 1)}\n`);
    webhook.close();
  },
});

/** A pool of its own for each round: an alert that was sent once is not sent again. */
async function fillOne(lab: Lab, exporter: Exporter, webhook: Notices, at: string): Promise<Round> {
  const [meta, data, pool, thin] = ['meta', 'data', 'pool', 'thin'].map((kind) => `${kind}${at}`);
  const start = 2048 + Number(at) * 200_000;
  await lab.sh(`echo "0 8192 linear /dev/ubda ${start}" | dmsetup create ${meta}
echo "0 ${blocks * 128} linear /dev/ubda ${start + 16_384}" | dmsetup create ${data}
dd if=/dev/zero of=/dev/mapper/${meta} bs=1M count=1 oflag=direct
dmsetup create ${pool} --table "0 ${blocks * 128} thin-pool /dev/mapper/${meta} /dev/mapper/${data} 128 0 2 skip_block_zeroing error_if_no_space"
dmsetup message ${pool} 0 "create_thin 0"
dmsetup create ${thin} --table "0 ${2 * blocks * 128} thin /dev/mapper/${pool} 0"
dd if=/dev/zero of=/dev/mapper/${thin} bs=64k count=${writtenBefore} oflag=direct`);
  await until(30, async () =>
    (await exporter.get('/metrics')).body.includes(
      `thinpool_data_used_blocks{pool="${pool}"} ${writtenBefore}`,
    ),
  );
  await pause(20);
  const times = await fillSteadily({
    device: `/dev/mapper/${thin}`,
    blockBytes,
    from: writtenBefore,
    to: blocks,
    blocksPerSecond,
  });
  const reached = (block: number) => times[block - writtenBefore] ?? Number.NaN;
  const at20 = reached(blocks - secondsToFull * blocksPerSecond);
  const since: Readonly<Record<Moment, number>> = {
    '20 s to full': at20,
    'free < minimum': reached(blocks - minimumFreeBlocks),
    full: reached(blocks - 1),
  };
  await until(40, async () =>
    moments.every((moment) => pagedAt(webhook, pool, alertOf[moment]) !== undefined),
  );
  const first = pagedAt(webhook, pool);
  const delays = Object.fromEntries(
    moments.map((moment) => [
      moment,
      (pagedAt(webhook, pool, alertOf[moment]) ?? Number.POSITIVE_INFINITY) - since[moment],
    ]),
  );
  await lab.sh(`dmsetup remove ${thin} ${pool} ${data} ${meta}`);
  return { delays: delays as Round['delays'], lead: since.full - (first ?? Number.POSITIVE_INFINITY) };
}

/** When the first page about a pool came, of any alert or of this one, as `monotonicSeconds`. */
function pagedAt({ notices }: Notices, pool: string | undefined, alert?: string): number | undefined {
  const page = notices.find(
    ({ to, status, labels }) =>
      to === 'page' &&
      status === 'firing' &&
      labels['pool'] === pool &&
      (alert === undefined || labels['alertname'] === alert),
  );
  // Its time is of performance.now, whose zero is the start of this process.
  return page && monotonicSeconds() - (performance.now() - page.at) / 1000;
}

function judge(lab: Lab, { name, limits, isInTime }: Setup, all: readonly Round[]): void {
  for (const moment of moments) {
    const delays = all.map((round) => round.delays[moment]);
    const [median, slowest] = [percentile(delays, 0.5), percentile(delays, 1)];
    const detail = `median ${median.toFixed(2)} s, slowest ${slowest.toFixed(2)} s; ${delays.map((one) => one.toFixed(2)).join(' ')}`;
    if (limits === undefined) lab.say(`${name}, ${moment}: ${detail}`);
    else
      lab.check(
        `${name}: ${moment} is paged within ${limits.median} s (median), ${limits.slowest} s (slowest)`,
        median <= limits.median + lab.yardstick.lateSeconds() &&
          slowest <= limits.slowest + lab.yardstick.lateSeconds(),
        detail,
      );
  }
  const leads = all.map(({ lead }) => lead);
  const isBefore =
    percentile(
      leads.map((lead) => -lead),
      1,
    ) < 0;
  const detail = leads.map((lead) => `${lead.toFixed(1)} s`).join(', ');
  if (isInTime) lab.check(`${name}: paged before it was full, in every round`, isBefore, detail);
  else lab.say(`${name}, seconds from the first page to full: ${detail}`);
}

function describe(round: Round | undefined): string {
  const delays = Object.entries(round?.delays ?? {}).map(
    ([moment, seconds]) => `${moment} ${seconds.toFixed(2)} s`,
  );
  return [...delays, `first page ${round?.lead.toFixed(1)} s before full`].join(', ');
}
