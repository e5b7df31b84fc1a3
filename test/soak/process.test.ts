import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseExposition } from '../lab/guest/exposition.ts';
import { buildProgram, startProgram, writeTools } from '../support/program.ts';
import { hostsDir } from '../support/replayed.ts';

const captured = join(hostsDir, 'lab-docker-loop');
const pool = 'docker-98:0-131080-pool';
const encoded = encodeURIComponent(pool);
let dir = '';

beforeAll(buildProgram, 120_000);
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'soak-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A host whose tools answer, fail, print half of it, or hang where SIGTERM does not reach them, while there is chaos. */
const tools = () => ({
  dmsetup: `
if [ -e '${dir}/chaos' ]; then
  case $(date +%N | cut -c6) in
    0|1) trap '' TERM; sleep 3; exit 0 ;;
    2|3) echo 'ioctl failed: Invalid argument' >&2; exit 1 ;;
    4|5) echo 'half a li'; exit 0 ;;
  esac
fi
case "$*" in
  *info*) cat '${captured}/devices/info.txt' ;;
  *table*) cat '${captured}/devices/table.txt' ;;
  *status*${pool}) cat '${captured}/pools/${encoded}.txt' ;;
  *status*) cat '${captured}/volumes/${encoded}.txt' ;;
esac`,
});

const patience = { timeout: 40_000, interval: 500 };

const args = [
  'serve',
  '--metrics.set=all',
  '--web.listen-address=127.0.0.1:0',
  '--log.format=json',
  ...['devices', 'pools', 'volumes'].flatMap((name) => [
    `--collector.${name}.interval=1s`,
    `--collector.${name}.timeout=800ms`,
  ]),
];

it('leaves no descriptor, child, thread or timer behind when all kinds of failures are over', async () => {
  const program = startProgram(args, `${writeTools(join(dir, 'bin'), tools())}:/usr/bin:/bin`);
  try {
    const [, address] = await program.logged(/"address":"([^"]+)"/);
    const samples = async () => parseExposition(await (await fetch(`http://${address}/metrics`)).text());
    const hasData = async () => (await samples()).some(({ name }) => name === 'thinpool_data_used_blocks');
    const failures = async () =>
      (await samples())
        .filter(({ name }) => name === 'thinpool_collector_failures_total')
        .reduce((sum, { value }) => sum + value, 0);
    const readHeld = () => heldBy(program.child.pid ?? 0, samples);
    await expect.poll(hasData, patience).toBe(true);
    const most: Record<string, number> = {};
    // Between polls it holds less than during one: the most that it holds when all is well.
    for (let round = 0; round < 20; round += 1) {
      for (const [name, count] of Object.entries(await readHeld()))
        most[name] = Math.max(most[name] ?? 0, count);
      await pause(200);
    }
    const failedBefore = await failures();
    writeFileSync(join(dir, 'chaos'), '');
    await expect.poll(failures, patience).toBeGreaterThan(failedBefore + 15);
    rmSync(join(dir, 'chaos'));
    await expect.poll(hasData, patience).toBe(true);
    const above = async () =>
      Object.entries(await readHeld()).filter(([name, count]) => count > (most[name] ?? 0));
    await expect.poll(above, patience).toEqual([]);
  } finally {
    program.child.kill('SIGTERM');
    await program.ended;
  }
}, 180_000);

async function heldBy(
  pid: number,
  samples: () => Promise<ReturnType<typeof parseExposition>>,
): Promise<Readonly<Record<string, number>>> {
  const resources = (await samples()).filter(
    ({ name, labels }) => name === 'nodejs_active_resources' && labels['type'] !== 'TCPSocketWrap',
  );
  return {
    children: readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).length,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
    ...Object.fromEntries(resources.map(({ labels, value }) => [labels['type'], value])),
  };
}
