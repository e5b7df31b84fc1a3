// Breaks the exporter in ways that matter, one at a time in a copy, and sees that the tests notice: a mutant that
// survives is a fault that no test would report. `npm run mutants`; a word selects mutants by name.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

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
];

export async function main(words: readonly string[]): Promise<number> {
  const chosen = mutants.filter(({ name }) => words.every((word) => name.includes(word)));
  const copy = mkdtempSync(path.join(tmpdir(), 'thinpool-mutants-'));
  try {
    for (const name of ['src', 'test', 'scripts', 'package.json', 'tsconfig.json', 'vitest.config.ts'])
      cpSync(path.join(project, name), path.join(copy, name), { recursive: true });
    symlinkSync(path.join(project, 'node_modules'), path.join(copy, 'node_modules'));
    const healthy = await test(copy, [...new Set(chosen.flatMap(({ tests }) => tests))]);
    if (!healthy.passed) return refuse(`the tests fail without any mutant:\n${healthy.output}`);
    const survivors: string[] = [];
    for (const mutant of chosen) if (!(await kill(copy, mutant))) survivors.push(mutant.name);
    console.log(`${chosen.length - survivors.length} of ${chosen.length} mutants killed`);
    return survivors.length === 0 && chosen.length > 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
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

function test(copy: string, tests: readonly string[]): Promise<Outcome> {
  const program = path.join(project, 'node_modules/vitest/vitest.mjs');
  const args = [program, 'run', '--bail', '1', '--reporter', 'default', ...tests];
  const options = { cwd: copy, timeout: 120_000, maxBuffer: 1 << 26, env: { ...process.env, NO_COLOR: '1' } };
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
