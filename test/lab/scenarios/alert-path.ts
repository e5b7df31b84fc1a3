import { paceSeconds, startAlerting, stopAlerting } from '../guest/alerting.ts';
import type { Lab } from '../guest/lab.ts';
import { pause, until } from '../guest/patience.ts';
import { readPoolTruth } from '../guest/truth.ts';
import { openWatch } from '../guest/watch.ts';
import { openWebhook, type Page, type Webhook } from '../guest/webhook.ts';
import { defineScenario } from '../scenario.ts';

const pool = 'vg-pool';
const dmName = 'vg-pool-tpool';
const mebibytes = 512;
const minimumPercent = 10;
/** A tenth of the pool lasts for 51 s at this rate; a block is 64 KiB. */
const perSecond = 1;
/** A reading, a scrape, an evaluation, each up to its interval late; and the guest's slow CPU. */
const pathSeconds = 5 + 2 * paceSeconds + 5;

export const alertPath = defineScenario({
  name: 'alert-path',
  about:
    'exporter, Prometheus, Alertmanager and a webhook: a pool is filled at a steady rate, and the page comes before it is full',
  disks: ['2G'],
  needsExporter: true,
  timeoutSeconds: 400,
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda');
    await lab.sh(`lvcreate -L ${mebibytes}M --thinpool pool vg && lvcreate -V 2G --thin vg/pool -n thin`);
    // Three quarters at once; of what comes then every second counts.
    await lab.sh(`dd if=/dev/zero of=/dev/vg/thin bs=1M count=${(mebibytes * 3) / 4} oflag=direct`, {
      timeoutMs: 60_000,
    });
    const webhook = await openWebhook();
    const watch = await openWatch(lab, [`--minimum-free=${minimumPercent}%`]);
    await watch.step({ name: 'three quarters used', exit: 0 });
    await startAlerting(lab, webhook.url);
    await pause(2 * paceSeconds);
    lab.check('nothing is paged before', webhook.pages.length === 0, list(webhook.pages));
    await fill(lab, webhook);
    await resolve(lab, webhook);
    await watch.step({ name: 'extended', exit: 0 });
    lab.write('pages.json', `${JSON.stringify(webhook.pages, null, 1)}\n`);
    await stopAlerting(lab);
    webhook.close();
    await watch.finish();
  },
});

/** At a steady rate to the last block, and on: when was it below the minimum, when full, and when did people know? */
async function fill(lab: Lab, webhook: Webhook): Promise<void> {
  await lab.sh(`i=${(mebibytes * 3) / 4}
while [ $i -lt ${mebibytes + 8} ]; do
  dd if=/dev/zero of=/dev/vg/thin bs=1M seek=$i count=1 oflag=direct 2>/dev/null; i=$((i + 1)); sleep ${1 / perSecond}
done & echo $! >/run/lab-writer`);
  const belowAt = await reach(lab, (free, total) => free < Math.floor((total * minimumPercent) / 100));
  const fullAt = await reach(lab, (free) => free === 0);
  const page = webhook.pages.find(({ labels }) => labels['code'] === 'below-minimum-free');
  const labels = page?.labels ?? {};
  const isRight =
    labels['pool'] === pool && labels['resource'] === 'data' && labels['severity'] === 'critical';
  lab.check('below-minimum-free was paged, by its labels', isRight, JSON.stringify(labels));
  const after = page && (page.at - belowAt) / 1000;
  lab.check(
    `the page came within ${pathSeconds} s of the minimum`,
    after !== undefined && after <= pathSeconds,
    inSeconds(after),
  );
  const lead = page && (fullAt - page.at) / 1000;
  lab.check(
    'the page came before the pool was full',
    lead !== undefined && lead > 0,
    `${inSeconds(lead)} before`,
  );
  const paged = await until(pathSeconds, async () => isPaged(webhook, 'data-full-queueing', 'firing'));
  lab.check('data-full-queueing is paged as well', paged !== undefined, inSeconds(paged));
}

async function resolve(lab: Lab, webhook: Webhook): Promise<void> {
  await lab.sh('lvextend -L +512M vg/pool');
  const codes = ['below-minimum-free', 'data-full-queueing'];
  // Prometheus repeats a resolved alert to Alertmanager, which tells it at its next group interval.
  const seconds = await until(pathSeconds + paceSeconds, async () =>
    codes.every((code) => isPaged(webhook, code, 'resolved')),
  );
  lab.check('extended: both are resolved', seconds !== undefined, inSeconds(seconds));
}

function isPaged({ pages }: Webhook, code: string, status: string): boolean {
  return pages.some((page) => page.labels['code'] === code && page.status === status);
}

/** When the pool's own status said so, in ms of performance.now. */
async function reach(lab: Lab, isThere: (free: number, total: number) => boolean): Promise<number> {
  const seconds = await until(180, async () => {
    const { totalData, usedData } = await readPoolTruth(lab, dmName);
    return isThere(totalData - usedData, totalData);
  });
  if (seconds === undefined) throw new Error('the pool did not fill');
  return performance.now();
}

function inSeconds(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : `${seconds.toFixed(1)} s`;
}

function list(pages: readonly Page[]): string | undefined {
  return pages.length === 0 ? undefined : pages.map(({ labels }) => labels['code']).join(', ');
}
