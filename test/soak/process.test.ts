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

const args = [
  'serve',
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
    const [, address] = await program.logged(/"addresses":"([^"]+)"/);
    const samples = async () => parseExposition(await (await fetch(`http://${address}/metrics`)).text());
    const failures = async () =>
      (await samples())
        .filter(({ name }) => name === 'thinpool_source_failures_total')
        .reduce((sum, { value }) => sum + value, 0);
    await pause(5000);
    const before = await heldBy(program.child.pid ?? 0, samples);
    const failedBefore = await failures();
    writeFileSync(join(dir, 'chaos'), '');
    await pause(15_000);
    rmSync(join(dir, 'chaos'));
    expect(await failures()).toBeGreaterThan(failedBefore + 5);
    await expect
      .poll(() => heldBy(program.child.pid ?? 0, samples), { timeout: 20_000, interval: 500 })
      .toEqual(before);
    expect((await samples()).some(({ name }) => name === 'thinpool_data_used_blocks')).toBe(true);
  } finally {
    program.child.kill('SIGTERM');
    await program.ended;
  }
}, 90_000);

/** Between two readings. */
async function heldBy(pid: number, samples: () => Promise<ReturnType<typeof parseExposition>>) {
  const resources = (await samples()).filter(
    ({ name, labels }) => name === 'nodejs_active_resources' && labels['type'] !== 'TCPSocketWrap',
  );
  return {
    children: readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).length,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
    resources: Object.fromEntries(resources.map(({ labels, value }) => [labels['type'], value])),
  };
}
