// Breaks the exporter in ways that matter, one at a time in a copy, and sees that the tests notice: a mutant that
// survives is a fault that no test would report. `npm run mutants`; a word selects mutants by name.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findingCodes } from '../../src/rules/evaluate.ts';
import { ruleMutantName, ruleSwitch, tryRules } from './rules.ts';

const project = path.resolve(import.meta.dirname, '../..');
const hosts = 'test/hosts.test.ts';

export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

/** Each replaces a text that occurs exactly once in a file of src, and names the tests that have to notice. */
export const mutants: readonly Mutant[] = [
  {
    name: 'status commits metadata: no --noflush',
    file: 'collectors/dmsetup/batch-status.ts',
    from: ", '--noflush'] as const",
    to: '] as const',
    tests: ['test/unit/collectors/commands.test.ts', 'test/unit/collectors/dmsetup/'],
  },
  {
    name: 'one odd name blinds the host: no --manglename none',
    file: 'collectors/dmsetup/command.ts',
    from: "= ['--manglename', 'none'] as const",
    to: '= [] as const',
    tests: ['test/unit/collectors/commands.test.ts', 'test/unit/collectors/dmsetup/', hosts],
  },
  {
    name: 'a child that cannot die is awaited',
    file: 'io/command.ts',
    from: '.unref();\n      finish(result);',
    to: ".unref();\n      child.once('exit', () => finish(result));",
    tests: ['test/unit/io/command.test.ts'],
  },
  {
    name: 'on a busy machine half an output is taken for all',
    file: 'io/command.ts',
    from: 'setTimeout(() => setImmediate(complete), graceMs)',
    to: 'setTimeout(complete, graceMs)',
    tests: ['test/unit/io/command.test.ts'],
  },
  {
    name: 'an event that repeats makes a busy loop',
    file: 'trend/recent-events.ts',
    from: '.filter((device) => !isWithin(before.get(device), atMostEveryMs, now))',
    to: '',
    tests: ['test/unit/collect/events.test.ts'],
  },
  {
    name: "the exporter's own status wakes the next one",
    file: 'collectors/kernel/pool-events.ts',
    from: "low_water_data: 'low_water',",
    to: "low_water_data: 'low_water', status_failed: 'mode',",
    tests: ['test/unit/collectors/kernel/pool-events.test.ts'],
  },
  {
    name: 'a second command is started beside one that is alive',
    file: 'collect/poller.ts',
    from: 'if (trackedQuery.busy || ',
    to: 'if (',
    tests: ['test/unit/collect/'],
  },
  {
    name: 'every pool that hangs leaves a command hanging',
    file: 'collect/living-commands.ts',
    from: 'return hasWorked ? most : mostUnproven;',
    to: 'return Number.POSITIVE_INFINITY;',
    tests: ['test/unit/collect/'],
  },
  {
    name: 'a pool that does not respond hides those in the same batch',
    file: 'safety/batching.ts',
    from: 'isTrusted ? pools.filter((pool) => !healthy.has(pool)) : pools',
    to: 'pools.filter((pool) => !healthy.has(pool))',
    tests: ['test/unit/safety/', 'test/unit/collect/'],
  },
  {
    name: 'of two answers about a pool the older one has the last word',
    file: 'assemble/assemble.ts',
    from: 'one.takenAt - other.takenAt',
    to: 'other.takenAt - one.takenAt',
    tests: ['test/unit/assemble/', 'test/unit/collect/'],
  },
  {
    name: 'loop-lvm: total minus used is taken for available',
    file: 'thinpool/space.ts',
    from: 'room === undefined ? freeBytes : roomFor(usedBlocks * blockBytes, room)',
    to: 'freeBytes',
    tests: ['test/unit/thinpool/', hosts],
  },
  {
    name: 'data and metadata are swapped',
    file: 'collectors/dmsetup/pool-status.ts',
    from: '[transaction, metadata, data, held',
    to: '[transaction, data, metadata, held',
    tests: ['test/unit/collectors/dmsetup/', hosts],
  },
  {
    name: 'Fail is taken for a state of no name',
    file: 'collectors/dmsetup/pool-status.ts',
    from: "state: 'failed' }",
    to: "state: 'unreadable' }",
    tests: ['test/unit/collectors/dmsetup/', hosts],
  },
  {
    name: 'stale values are kept',
    file: 'assemble/assemble.ts',
    from: 'cached.discovers || isCurrent(cached, now)',
    to: 'cached !== undefined',
    tests: ['test/unit/assemble/', 'test/unit/collect/'],
  },
  {
    name: 'docker info is not blocked from a sick pool',
    file: 'collectors/docker/docker.ts',
    from: '      ...blockFor(host),\n',
    to: '',
    tests: ['test/unit/collectors/docker/', 'test/unit/collect/', hosts],
  },
  {
    name: 'LVM is queried about everything next to a sick pool',
    file: 'collectors/lvm/blocked.ts',
    from: 'if (first === undefined) return { groups: scopes };',
    to: 'if (first !== null) return { groups: scopes };',
    tests: ['test/unit/collectors/lvm/'],
  },
  {
    name: 'an LVM report that failed means no LVs',
    file: 'collectors/lvm/report.ts',
    from: 'if (text.exitCode !== 0) throw',
    to: 'if (text.exitCode < 0) throw',
    tests: ['test/unit/collectors/lvm/', hosts],
  },
  {
    name: 'the last known state is forgotten while nothing newer comes',
    file: 'rules/state.ts',
    from: 'return lastKnown && {',
    to: 'return undefined && {',
    tests: ['test/unit/rules/', 'test/unit/collect/'],
  },
  {
    name: 'a silent dmeventd means not monitored',
    file: 'collectors/lvm/lvm.ts',
    from: 'silent ? rows.records.map(withoutMonitor) : rows.records',
    to: 'rows.records',
    tests: ['test/unit/collectors/lvm/'],
  },
  {
    name: 'asking LVM starts dmeventd',
    file: 'collectors/lvm/lvm.ts',
    from: 'canExtend(daemons) === true',
    to: 'canExtend(daemons) !== undefined',
    tests: ['test/unit/collectors/lvm/'],
  },
  {
    name: "Docker's minimum free is a block too high",
    file: 'thinpool/minimum-free.ts',
    from: 'Math.max(1, Math.floor((blocks * percent) / 100)) * blockBytes',
    to: 'Math.max(1, Math.ceil((blocks * percent) / 100)) * blockBytes',
    tests: ['test/unit/thinpool/', hosts],
  },
  {
    name: 'the age of a record is told by two clocks alone, which drift apart',
    file: 'collectors/kernel/events.ts',
    from: 'Math.min(toMs(nowUs - us), oldestMs)',
    to: 'toMs(nowUs - us)',
    tests: ['test/unit/collectors/kernel/'],
  },
  {
    name: 'a message is given to the device that has the number now',
    file: 'assemble/event-devices.ts',
    from: 'lastAt + driftMs < (created.get(device) ?? 0)',
    to: 'lastAt + driftMs < 0',
    tests: ['test/unit/assemble/'],
  },
  {
    name: 'a task that hangs on the disk under a pool hangs in the pool',
    file: 'assemble/kernel.ts',
    from: 'return kind !== hungTask || ',
    to: 'return true || ',
    tests: ['test/unit/assemble/'],
  },
  {
    name: 'damaged metadata is given to the first of several pools',
    file: 'assemble/kernel.ts',
    from: 'pools.length === 1 && only',
    to: 'only',
    tests: ['test/unit/assemble/'],
  },
  {
    name: 'anybody may speak for the kernel',
    file: 'collectors/kernel/log.ts',
    from: 'return Math.floor(Number(priority) / 8) === 0;',
    to: 'return priority !== null;',
    tests: ['test/unit/collectors/kernel/'],
  },
  {
    name: 'check says ok of a critical finding',
    file: 'cli/check/verdict.ts',
    from: "(['critical', 'warning'] as const)",
    to: "(['warning'] as const)",
    tests: ['test/unit/cli/check/check.test.ts'],
  },
  {
    name: 'access: the password of one user opens the door to any name',
    file: 'web/access/credentials.ts',
    from: 'if (equal && users.has(user)) {',
    to: 'if (equal) {',
    tests: ['test/unit/web/access/credentials.test.ts'],
  },
  {
    name: 'access: every scrape costs a hash',
    file: 'web/access/credentials.ts',
    from: '      admitted.set(user, digest);\n',
    to: '',
    tests: ['test/unit/web/access/credentials.test.ts'],
  },
  {
    name: 'access: no credentials are required',
    file: 'web/app.ts',
    from: 'authenticate(deps), ',
    to: '',
    tests: ['test/unit/web/access.test.ts'],
  },
  {
    name: 'access: the certificate of a stranger will do',
    file: 'web/access/client-certificates.ts',
    from: 'if (policy.valid && !socket.authorized) return false;',
    to: '',
    tests: ['test/unit/web/access.test.ts'],
  },
  {
    name: 'access: any name of a client will do',
    file: 'web/access/client-certificates.ts',
    from: 'return allowedNames === undefined || bearsOneOf(certificate, allowedNames);',
    to: 'return true;',
    tests: ['test/unit/web/access.test.ts'],
  },
  {
    name: 'access: a misspelt field is passed over',
    file: 'web/access/file.ts',
    from: 'if (known.includes(word)) continue;',
    to: 'continue;',
    tests: ['test/unit/web/access/file.test.ts'],
  },
  {
    name: 'access: a secret is repeated in an error',
    file: 'web/access/file.ts',
    from: "'another value (not shown)'",
    to: 'JSON.stringify(given)',
    tests: ['test/unit/web/access/file.test.ts'],
  },
  {
    name: 'access: what breaks the file is repeated in an error',
    file: 'web/access/file.ts',
    from: ".split(':')[0]",
    to: '',
    tests: ['test/unit/web/access/file.test.ts'],
  },
  {
    name: 'access: a reload that failed counts as one that worked',
    file: 'web/access/access.ts',
    from: 'lastReloadWorked: false }',
    to: 'lastReloadWorked: true }',
    tests: ['test/unit/web/access/access.test.ts'],
  },
  {
    name: 'access: those who say nothing keep others out',
    file: 'web/server/connections.ts',
    from: 'if (all.size >= limits.connections) makeRoom();',
    to: 'if (all.size >= limits.connections) return void socket.destroy();',
    tests: ['test/unit/web/access.test.ts'],
  },
  {
    name: 'access: answers that nobody reads fill the memory',
    file: 'web/server/connections.ts',
    from: 'if (unread() > limits.unreadBytes) slowestReader()?.destroy();',
    to: '',
    tests: ['test/unit/web/access.test.ts'],
  },
  {
    name: 'access: new rules cut an answer short',
    file: 'web/server/protocol.ts',
    from: 'isOpen = false;\n      server.closeIdleConnections();',
    to: 'isOpen = false;\n      server.closeAllConnections();',
    tests: ['test/unit/web/access.test.ts'],
  },
  {
    name: 'access: late clients are not closed',
    file: 'web/server/protocol.ts',
    from: "server.emit('listening');",
    to: '',
    tests: ['test/unit/web/server/server.test.ts'],
  },
  {
    name: 'access: a socket is taken from the process that answers on it',
    file: 'web/server/listen.ts',
    from: 'if (await answers(path))',
    to: "if (path === '')",
    tests: ['test/unit/web/access.test.ts'],
  },
  {
    name: 'access: an exposition is compressed for each request',
    file: 'web/routes/metrics.ts',
    from: 'zipped ??= compress',
    to: 'zipped = compress',
    tests: ['test/unit/web/compressed.test.ts'],
  },
  {
    name: 'a record that has changed is taken for the one before',
    file: 'collect/reuse-records.ts',
    from: 'isDeepStrictEqual(old, record)',
    to: 'old !== undefined',
    tests: ['test/unit/collect/'],
  },
  {
    name: 'a volume stays what it was',
    file: 'assemble/volumes.ts',
    from: 'parts.status === old.status &&',
    to: '',
    tests: ['test/unit/assemble/', 'test/unit/collect/'],
  },
  {
    name: 'an index of other records is taken for the one before',
    file: 'assemble/volumes.ts',
    from: 'if (!isSame) last = index;',
    to: 'if (last.size !== index.size) last = index;',
    tests: ['test/unit/assemble/', 'test/unit/collect/'],
  },
  {
    name: 'a name keeps all that was printed beside it',
    file: 'collectors/shared/lines.ts',
    from: 'Buffer.from(text).toString()',
    to: 'text',
    tests: ['test/unit/collectors/shared/lines.test.ts'],
  },
  {
    name: 'access: an exposition is rendered for each request',
    file: 'metrics/exposition.ts',
    from: 'now - cached.madeAt < expositionAgeMs',
    to: 'now < cached.madeAt',
    tests: ['test/unit/metrics/exposition.test.ts'],
  },
  {
    name: 'nearly full: next to nothing left is a ticket',
    file: 'rules/nearly-full.ts',
    from: 'share + slack && leftBytes < most',
    to: 'share + slack && leftBytes < 0',
    tests: ['test/unit/rules/nearly-full.test.ts'],
  },
  {
    name: 'nearly full: terabytes left page',
    file: 'rules/nearly-full.ts',
    from: 'share + slack && leftBytes < most',
    to: 'share + slack',
    tests: ['test/unit/rules/nearly-full.test.ts'],
  },
  {
    name: 'nearly full: a level that fluctuates comes and goes',
    file: 'rules/nearly-full.ts',
    from: '(held === undefined ? 0 : slack)',
    to: '0',
    tests: ['test/unit/rules/nearly-full.test.ts'],
  },
  {
    name: 'nearly full: one block left waits for half an hour',
    file: 'rules/nearly-full.ts',
    from: "...(severity === 'critical' && { afterMs: 0 }),",
    to: '',
    tests: ['test/unit/rules/nearly-full.test.ts'],
  },
  {
    name: 'running out: one window is enough',
    file: 'rules/running-out.ts',
    from: 'times.every((seconds) => seconds < horizon + unseen)',
    to: 'times.some((seconds) => seconds < horizon + unseen)',
    tests: ['test/unit/rules/running-out.test.ts'],
  },
  {
    name: 'running out: gives dmeventd no time',
    file: 'thinpool/will-be-extended.ts',
    from: 'const dmeventdMs = 20 * secondMs;',
    to: 'const dmeventdMs = 0;',
    tests: ['test/unit/rules/running-out.test.ts'],
  },
  {
    name: 'running out: no more time before a full pool than before its minimum free space',
    file: 'rules/running-out.ts',
    from: "target === 'full' ? 1 : thresholds.minimumFreePace.value",
    to: 'thresholds.minimumFreePace.value',
    tests: ['test/unit/rules/running-out.test.ts'],
  },
  {
    name: 'running out: windows shorter than the interval between polls',
    file: 'rules/running-out.ts',
    from: 'Math.max(thresholds[window].value, least)',
    to: 'thresholds[window].value',
    tests: ['test/unit/rules/running-out.test.ts'],
  },
  {
    name: 'running out: a pause in growth ends it',
    file: 'rules/running-out.ts',
    from: '? undefined\n      : foreseeHeld(target, left, trend));',
    to: '? undefined\n      : undefined);',
    tests: ['test/unit/rules/running-out.test.ts'],
  },
  {
    name: 'running out: pages although LVM is about to extend the pool',
    file: 'rules/running-out.ts',
    from: 'if (willBeExtended(pool, resource) || isBeingExtended(pool, resource, trend.points)) return [];',
    to: '',
    tests: ['test/unit/rules/running-out.test.ts'],
  },
  {
    name: 'autoextend: a pool that is overdue still counts as extended',
    file: 'thinpool/will-be-extended.ts',
    from: ' && !isOverdue(pool, space)',
    to: '',
    tests: ['test/unit/rules/'],
  },
  {
    name: 'autoextend: figures from before the last extension silence findings',
    file: 'thinpool/will-be-extended.ts',
    from: 'pool.roomOutdated === true || ',
    to: '',
    tests: ['test/unit/rules/'],
  },
  {
    name: 'autoextend: figures from before LVM fell silent silence findings',
    file: 'thinpool/will-be-extended.ts',
    from: 'lvmLastKnown !== true &&',
    to: '',
    tests: ['test/unit/rules/'],
  },
  {
    name: "Docker's minimum free is compared with the room under a loop file",
    file: 'thinpool/space-left.ts',
    from: 'space.freeBytes - minimumFree.bytes',
    to: 'space.availableBytes - minimumFree.bytes',
    tests: ['test/unit/thinpool/'],
  },
  {
    name: 'a pool is gone where device-mapper cannot be read',
    file: 'rules/presence.ts',
    from: '!host.discovered || ',
    to: '',
    tests: ['test/unit/rules/presence.test.ts'],
  },
  {
    name: 'a pool that is meant to be inactive alarms while LVM is silent',
    file: 'rules/presence.ts',
    from: 'isMeantInactive(lastReported(pool))',
    to: 'isMeantInactive(pool)',
    tests: ['test/unit/rules/presence.test.ts'],
  },
  {
    name: 'a new pool is missed in an older report of LVM',
    file: 'rules/presence.ts',
    from: 'coveredAt === undefined || coveredAt.startedAt < (pool.appearedAt ?? 0)',
    to: 'coveredAt === undefined',
    tests: ['test/unit/rules/presence.test.ts'],
  },
  {
    name: "LVM's reserve of metadata is never less than 4 MiB",
    file: 'thinpool/lvm-minimum-free.ts',
    from: 'Math.min(reserveBytes, ',
    to: 'Math.max(reserveBytes, ',
    tests: ['test/unit/thinpool/lvm-minimum-free.test.ts'],
  },
  {
    name: 'LVM refuses at its threshold, not above it',
    file: 'thinpool/lvm-minimum-free.ts',
    from: '? usedPercent > limit.percent',
    to: '? usedPercent >= limit.percent',
    tests: ['test/unit/thinpool/lvm-minimum-free.test.ts'],
  },
  {
    name: 'LVM allocates from PVs that it may not use',
    file: 'thinpool/vg-room.ts',
    from: 'allocatable && !missing',
    to: '!missing',
    tests: ['test/unit/thinpool/vg-room.test.ts'],
  },
  {
    name: 'two legs of a RAID share a PV',
    file: 'thinpool/vg-room.ts',
    from: 'areas * Math.max(0, areaBytes - largestArea(free, areas, group.extentBytes))',
    to: '0',
    tests: ['test/unit/thinpool/vg-room.test.ts'],
  },
  {
    name: 'a write that a RAID makes up for is a lost write',
    file: 'assemble/kernel.ts',
    from: 'event: asUnder(event)',
    to: 'event',
    tests: ['test/unit/assemble/kernel.test.ts'],
  },
  {
    name: 'a message goes to the only known pool although others may exist',
    file: 'assemble/kernel.ts',
    from: 'only !== undefined && areAll)',
    to: 'only !== undefined)',
    tests: ['test/unit/assemble/kernel.test.ts'],
  },
];

export async function main(words: readonly string[]): Promise<number> {
  const isChosen = (name: string): boolean => words.every((word) => name.includes(word));
  const chosen = mutants.filter(({ name }) => isChosen(name));
  const chosenRules = findingCodes.map(ruleMutantName).filter(isChosen);
  const copy = mkdtempSync(path.join(tmpdir(), 'thinpool-mutants-'));
  try {
    for (const name of [
      'src',
      'demo',
      'test',
      'scripts',
      'package.json',
      'tsconfig.json',
      'vitest.config.ts',
    ])
      cpSync(path.join(project, name), path.join(copy, name), { recursive: true });
    // Nothing in these imports the program.
    for (const name of ['docs', 'dashboards', 'node_modules'])
      symlinkSync(path.join(project, name), path.join(copy, name));
    const all = new Set([...chosen.flatMap(({ tests }) => tests), ruleSwitch.test]);
    // On a busy machine a test of timing may need a second attempt, and all of them together minutes.
    const healthy = await test(copy, [...all], { timeout: 10 * 60_000, retries: 2 });
    if (!healthy.passed) return refuse(`the tests fail without any mutant:\n${healthy.output}`);
    const survivors: string[] = [];
    for (const mutant of chosen) if (!(await kill(copy, mutant))) survivors.push(mutant.name);
    if (chosenRules.length > 0) survivors.push(...(await killRules(copy, chosenRules)));
    const total = chosen.length + chosenRules.length;
    console.log(`${total - survivors.length} of ${total} mutants killed`);
    return survivors.length === 0 && total > 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The names of those that survive. */
async function killRules(copy: string, chosen: readonly string[]): Promise<readonly string[]> {
  const tried = (await tryRules(copy)).filter(({ name }) => chosen.includes(name));
  const survivors = tried.filter(({ killed }) => !killed).map(({ name }) => name);
  for (const name of survivors) console.log(`SURVIVED ${name}`);
  console.log(`killed   ${tried.length - survivors.length} of ${tried.length} rules that find nothing`);
  return survivors;
}

async function kill(copy: string, { name, file, from, to, tests }: Mutant): Promise<boolean> {
  const target = path.join(copy, 'src', file);
  const healthy = readFileSync(target, 'utf8');
  if (healthy.split(from).length !== 2) throw new Error(`${name}: not once in src/${file}: ${from}`);
  writeFileSync(
    target,
    healthy.replace(from, () => to),
  );
  const startedAt = performance.now();
  const { passed, output } = await test(copy, tests);
  writeFileSync(target, healthy);
  const by = /FAIL +(?<test>.*)/.exec(output)?.groups?.['test'] ?? 'the compiler';
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    passed ? `SURVIVED ${name} (${seconds} s)` : `killed   ${name} (${seconds} s)\n         by ${by}`,
  );
  return !passed;
}

function test(
  copy: string,
  tests: readonly string[],
  { timeout = 120_000, retries = 0 } = {},
): Promise<Outcome> {
  const program = path.join(project, 'node_modules/vitest/vitest.mjs');
  const args = [program, 'run', '--bail', '1', '--reporter', 'default', '--retry', `${retries}`, ...tests];
  const options = { cwd: copy, timeout, maxBuffer: 1 << 26, env: { ...process.env, NO_COLOR: '1' } };
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ passed: error === null, output: `${stdout}${stderr}` }),
    );
  });
}

function refuse(message: string): number {
  console.error(message);
  return 1;
}
