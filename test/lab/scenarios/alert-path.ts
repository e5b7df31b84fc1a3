import { paceSeconds, startAlerting, stopAlerting } from '../guest/alerting.ts';
import type { Lab } from '../guest/lab.ts';
import { pause, until } from '../guest/patience.ts';
import { activateChecked, replaceMetadata, restoreMetadata } from '../guest/pool-metadata.ts';
import { readPoolTruth } from '../guest/truth.ts';
import { openWatch, type Watch } from '../guest/watch.ts';
import { collectNotices, type Notice, type Notices } from '../guest/webhook.ts';
import { defineScenario } from '../scenario.ts';

const [data, metadata] = ['vg-pool', 'deep-pool'];
const mebibytes = 512;
const minimumPercent = 10;
/** A poll, a scrape, two evaluations, each up to its interval late; and the guest's slow CPU. */
const pathSeconds = 5 + 3 * paceSeconds + 5;
/** The shipped rules keep a page for ten minutes after its cause has gone, so that it does not flap. */
const resolveSeconds = 15 * 60;

export const alertPath = defineScenario({
  name: 'alert-path',
  about:
    'exporter, Prometheus and Alertmanager with the shipped files, and a webhook: data, then metadata fill up, metadata writes fail; every page comes in time, and all resolve',
  disks: ['2G', '14G'],
  needsExporter: true,
  timeoutSeconds: 2400,
  steps: async (lab) => {
    await lab.sh(`vgcreate vg /dev/ubda && lvcreate -L ${mebibytes}M --thinpool pool vg`);
    await lab.sh('lvcreate -V 2G --thin vg/pool -n thin');
    await lab.sh('vgcreate -s 1m deep /dev/ubdb');
    await lab.sh('lvcreate -y -L 12G --poolmetadatasize 2M -c 64K -Z n --thinpool pool deep');
    await lab.sh('lvcreate -V 12G --thin deep/pool -n thin');
    const webhook = await collectNotices(lab);
    const watch = await openWatch(lab, [`--minimum-free=${minimumPercent}%`]);
    const story = { lab, watch, webhook };
    await startQuietly(story);
    await fillData(story);
    await fillMetadata(story);
    await failMetadata(story);
    await resolve(story);
    lab.write('notices.json', `${JSON.stringify(webhook.notices, null, 1)}\n`);
    await stopAlerting(lab);
    webhook.close();
    await watch.finish();
  },
});

interface Story {
  readonly lab: Lab;
  readonly watch: Watch;
  readonly webhook: Notices;
}

/** Three quarters have been used for a long time: no person is woken, and the dead man's switch is received. */
async function startQuietly({ lab, watch, webhook }: Story): Promise<void> {
  const write = `dd if=/dev/zero of=/dev/vg/thin bs=1M count=${(mebibytes * 3) / 4} oflag=direct`;
  await watch.step({ name: 'three quarters used', act: write, exit: 0 });
  await startAlerting(lab);
  const heard = await until(90, async () => webhook.notices.some(({ to }) => to === 'dead-mans-switch'));
  lab.check("the dead man's switch is heard", heard !== undefined, inSeconds(heard));
  await pause(4 * paceSeconds);
  const pages = pagesOf(webhook);
  lab.check('no person is paged before', pages.length === 0, names(pages));
}

/** At a steady rate to the last block, and on; then the pool is extended. */
async function fillData(story: Story): Promise<void> {
  const { lab, watch } = story;
  await lab.sh(`(i=${(mebibytes * 3) / 4}
while [ $i -lt ${mebibytes + 8} ]; do
  dd if=/dev/zero of=/dev/vg/thin bs=1M seek=$i count=1 oflag=direct 2>/dev/null; i=$((i + 1)); sleep 1
done) & echo $! >/run/lab-writer`);
  const isBelow = (free: number, total: number) => free < Math.floor((total * minimumPercent) / 100);
  const belowAt = await reach(lab, data, ({ usedData, totalData }) =>
    isBelow(totalData - usedData, totalData),
  );
  const fullAt = await reach(lab, data, ({ usedData, totalData }) => usedData === totalData);
  await checkLead(
    story,
    'ThinPoolRunsOutInMinutes',
    { pool: data, resource: 'data', target: 'full' },
    fullAt,
  );
  await checkSoon(story, 'ThinPoolBelowMinimumFree', { pool: data, resource: 'data' }, belowAt);
  await checkLead(story, 'ThinPoolBelowMinimumFree', { pool: data, resource: 'data' }, fullAt);
  await checkSoon(story, 'ThinPoolFull', { pool: data, resource: 'data' }, fullAt);
  // What was queued goes on, and changes the numbers, until the writer has ended.
  const stillness =
    'for second in $(seq 60); do kill -0 $(cat /run/lab-writer) 2>/dev/null || break; sleep 1; done';
  await watch.step({ name: 'extended', act: `lvextend -L +1G vg/pool; ${stillness}`, exit: 0 });
}

/** One page in each chunk, so that metadata fills and data does not; this kernel then fails the pool. */
async function fillMetadata(story: Story): Promise<void> {
  const { lab } = story;
  const writer = `const fs = require('fs'); const file = fs.openSync('/dev/deep/thin', 'r+'); let chunk = 0;
    setInterval(() => { for (let n = 0; n < 40; n++, chunk++) fs.writeSync(file, Buffer.alloc(4096), 0, 4096, chunk * 65536); fs.fsyncSync(file); }, 100);`;
  await lab.sh(`timeout 600 "$LAB_NODE" -e "${writer}" >/dev/null 2>&1 & echo $! >/run/lab-metadata-writer`);
  const fullAt = await reach(
    lab,
    metadata,
    ({ mode, usedMetadata, totalMetadata }) => mode === 'fail' || usedMetadata === totalMetadata,
  );
  await checkLead(story, 'ThinPoolRunsOutInMinutes', { pool: metadata, resource: 'metadata' }, fullAt);
  await checkSoon(story, 'ThinPoolFailed', { pool: metadata }, fullAt);
  await lab.run(['bash', '-c', 'kill $(cat /run/lab-metadata-writer); sleep 1; lvremove -f deep/pool']);
}

/** Metadata writes fail: the pool goes read-only and needs a check. */
async function failMetadata(story: Story): Promise<void> {
  const { lab, watch } = story;
  const write = 'dd if=/dev/zero of=/dev/vg/thin bs=1M count=40 seek=900 oflag=direct; sleep 2';
  const failedAt = performance.now();
  await watch.step({
    name: 'metadata writes fail',
    act: `${replaceMetadata('flakey $place 0 1000 1 error_writes')}; ${write}`,
    critical: [`pool-needs-check ${data}`],
    exit: 2,
  });
  await checkSoon(story, 'ThinPoolNeedsCheck', { pool: data }, failedAt + 5000);
  await watch.step({
    name: 'checked',
    act: `${restoreMetadata}; vgchange -an vg && ${activateChecked}`,
    exit: 0,
  });
  lab.say('waiting until every page has resolved');
}

async function resolve({ lab, webhook }: Story): Promise<void> {
  const open = (): readonly Notice[] => {
    const latest = new Map(pagesOf(webhook).map((page) => [JSON.stringify(page.labels), page]));
    return [...latest.values()].filter(({ status }) => status === 'firing');
  };
  const after = await until(resolveSeconds, async () => open().length === 0);
  lab.check('every page resolves', after !== undefined, `${inSeconds(after)}; open: ${names(open())}`);
  const repeated = pagesOf(webhook)
    .filter(({ status }) => status === 'resolved')
    .map(({ labels }) => JSON.stringify(labels));
  lab.check('none came twice', new Set(repeated).size === repeated.length, `${repeated.length} resolved`);
}

type Labels = Readonly<Record<string, string>>;

function findPage(webhook: Notices, alert: string, labels: Labels): Notice | undefined {
  const wanted = Object.entries({ ...labels, alertname: alert });
  return pagesOf(webhook).find(
    (page) => page.status === 'firing' && wanted.every(([name, value]) => page.labels[name] === value),
  );
}

async function waitForPage({ webhook }: Story, alert: string, labels: Labels): Promise<Notice | undefined> {
  await until(pathSeconds, async () => findPage(webhook, alert, labels) !== undefined);
  return findPage(webhook, alert, labels);
}

async function checkLead(story: Story, alert: string, labels: Labels, fullAt: number): Promise<void> {
  const page = await waitForPage(story, alert, labels);
  const lead = page && (fullAt - page.at) / 1000;
  const isBefore = lead !== undefined && lead > 0;
  story.lab.check(`${alert}, ${labels['resource']}: paged before it was full`, isBefore, inSeconds(lead));
}

async function checkSoon(story: Story, alert: string, labels: Labels, since: number): Promise<void> {
  const page = await waitForPage(story, alert, labels);
  const after = page && (page.at - since) / 1000;
  const isSoon = after !== undefined && after <= pathSeconds;
  story.lab.check(`${alert}: paged within ${pathSeconds} s`, isSoon, inSeconds(after));
}

/**
 * A fill takes two to five minutes, and longer where the machine is busy: the page has to come before, however long it
 * is.
 */
const fillSeconds = 600;

/** When the pool's own status showed it, in ms of performance.now. */
async function reach(
  lab: Lab,
  pool: string,
  isThere: (truth: Awaited<ReturnType<typeof readPoolTruth>>) => boolean,
): Promise<number> {
  const seconds = await until(fillSeconds, async () => isThere(await readPoolTruth(lab, `${pool}-tpool`)));
  if (seconds === undefined) throw new Error(`${pool} did not fill`);
  return performance.now();
}

function pagesOf({ notices }: Notices): readonly Notice[] {
  return notices.filter(({ to }) => to === 'page');
}

function names(notices: readonly Notice[]): string {
  return notices.map(({ labels }) => `${labels['alertname']} ${labels['pool']}`).join(', ');
}

function inSeconds(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : `${seconds.toFixed(1)} s`;
}
