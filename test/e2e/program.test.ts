import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { endOfLifeOf } from '../../src/cli/node-lines.ts';
import { openBenchHost } from '../bench/host.ts';
import { buildProgram, type Running, runProgram, startProgram, writeTools } from '../support/program.ts';
import { hostsDir } from '../support/replayed.ts';

const { version }: { version: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
);

beforeAll(buildProgram, 120_000);

let dir = '';
let running: Running | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'program-'));
});
afterEach(async () => {
  running?.child.kill('SIGKILL');
  await running?.ended;
  running = undefined;
  for (const pid of hungTools()) process.kill(Number(pid), 'SIGKILL');
  rmSync(dir, { recursive: true });
});

const replay = (name: string) => `--replay=${join(hostsDir, name)}`;

const captured = join(hostsDir, 'lab-docker-loop');
const pool = 'docker-98:0-131080-pool';
const encoded = encodeURIComponent(pool);

/** A host with one pool, as its tools would print it. */
const tools = {
  dmsetup: `
case "$*" in
  *version*) echo "Library version:   1.02.185 (2022-05-18)" ;;
  *info*) cat '${captured}/devices/info.txt' ;;
  *table*) cat '${captured}/devices/table.txt' ;;
  *status*${pool}) cat '${captured}/pools/${encoded}.txt' ;;
  *status*) cat '${captured}/volumes/${encoded}.txt' ;;
esac`,
  lvs: `case "$*" in *--version*) echo "  LVM version:     2.03.16(2) (2022-05-18)" ;; *) cat '${captured}/lvm/lvs.json.txt' ;; esac`,
  vgs: `cat '${captured}/lvm/vgs.json.txt'`,
  lvm: `cat '${captured}/lvmpolicy/default.txt'`,
  docker: `case "$*" in *--version*) echo "Docker version 20.10.24+dfsg1, build 297e128" ;; *) cat '${captured}/docker/info.json.txt' ;; esac`,
};

/** The same, but the pool's status does not return and ignores signals. It ends after a while. */
function hangingTools(ignored = "trap '' TERM INT; ") {
  const hang = `echo $$ >>'${dir}/pids'; ${ignored}exec sleep 30`;
  return {
    ...tools,
    dmsetup: tools.dmsetup.replace(/(\*status\*\S+\)).*/, (_, when) => `${when} ${hang} ;;`),
  };
}

const hasHung = () => existsSync(join(dir, 'pids'));

/** The pids of those that are there still; one that waits to be reaped is not. */
function hungTools(): readonly string[] {
  const pids = hasHung() ? readFileSync(join(dir, 'pids'), 'utf8').trim().split('\n') : [];
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
    } catch {
      return false;
    }
  });
}

function pathWith(scripts: Readonly<Record<string, string>>): string {
  return `${writeTools(join(dir, 'bin'), scripts)}:/usr/bin:/bin`;
}

describe('the program', () => {
  it.each([['--version'], ['-V'], ['check', '--version']])('prints its version: %s %s', async (...args) => {
    expect(await runProgram(args)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('helps', async () => {
    const { code, stdout } = await runProgram(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^thinpool-exporter: /);
    expect(stdout).toContain('--collector.NAME=auto|on|off');
  });

  it('names everything that is wrong with its options', async () => {
    const args = ['--web.listen-adress=:1', '--log.level=loud', '--minimum-free=101'];
    const { code, stdout, stderr } = await runProgram(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining('did you mean --web.listen-address?'),
      expect.stringContaining('--log.level: expected'),
      expect.stringContaining('--minimum-free: expected'),
    ]);
  });

  it('refuses a captured host that is not there', async () => {
    const { code, stderr } = await runProgram(['check', `--replay=${join(dir, 'none')}`]);
    expect(code).toBe(2);
    expect(stderr).toContain(`directory ${join(dir, 'none')} does not exist`);
  });

  it('says why a directory or a file is no captured host', async () => {
    expect(await runProgram(['check', `--replay=${dir}`])).toEqual({
      code: 2,
      stdout: '',
      stderr: `--replay: ${dir} is not a captured host: it has no folder of a collector, such as devices or lvm\n`,
    });
    writeFileSync(join(dir, 'file'), '');
    const { code, stderr } = await runProgram(['check', `--replay=${join(dir, 'file')}`]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('file is a file; expected the directory that'),
    ]);
  });

  it.each([
    [
      ['--web.listen-address=:10991,127.0.0.1:10992,:10991'],
      2,
      /^--web.listen-address: :10991 is given twice; keep one\n$/,
    ],
    [
      ['--web.listen-address=unix:/nowhere/x.sock', replay('lab-empty')],
      1,
      / err="cannot listen on unix:\/nowhere\/x.sock: directory \/nowhere does not exist"\n$/,
    ],
    [
      ['--web.listen-address=192.0.2.1:0', replay('lab-empty')],
      1,
      / err="cannot listen on 192.0.2.1:0: this host has no such address"\n$/,
    ],
    [
      ['textfile', '/nowhere/x.prom', replay('lab-empty')],
      1,
      /^textfile: cannot write \/nowhere\/x.prom: directory \/nowhere does not exist\n$/,
    ],
    [['textfile', '/nowhere/x.txt'], 2, /^textfile: \/nowhere\/x.txt: FILE must end in .prom; .*\n$/],
    [
      ['capture', '/nowhere/x', replay('lab-empty')],
      1,
      /^capture: cannot create directory \/nowhere\/x: \/nowhere does not exist\n$/,
    ],
    [
      ['check', '--config.file=/nowhere.yml'],
      2,
      /^--config.file: cannot read the file: no such file or directory: \/nowhere.yml\n$/,
    ],
    [['check', '--config.file=/'], 2, /^--config.file: cannot read the file: it is a directory\n$/],
    [
      ['--web.config.file=/nowhere.yml', replay('lab-empty')],
      2,
      / problem="\/nowhere.yml: cannot read the file: no such file or directory: \/nowhere.yml"\n$/,
    ],
    [
      ['check', '--minimum-free=vg-pol=5%', replay('lab-empty')],
      0,
      /^--minimum-free=vg-pol=5%: no pool vg-pol on this host \(there are no pools\); it applies if one appears\n$/,
    ],
  ] as const)('says in one plain line what is wrong: %j', async (args, expected, line) => {
    const { code, stderr } = await runProgram([...args]);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/err\.name|permission|E[A-Z]{4,}:/);
    expect(code).toBe(expected);
  });
});

describe('without a checkout', () => {
  it('prints its rules and runbooks, and writes its dashboards', async () => {
    const rules = await runProgram(['rules']);
    expect([rules.code, rules.stderr]).toEqual([0, '']);
    expect(rules.stdout).toContain('alert: ThinPoolFull');
    const runbook = await runProgram(['runbooks', 'ThinPoolFull']);
    expect([runbook.code, runbook.stderr]).toEqual([0, '']);
    expect(runbook.stdout).toMatch(/^# ThinPoolFull\n/);
    const dashboards = await runProgram(['dashboards', dir]);
    expect([dashboards.code, dashboards.stderr]).toEqual([0, '']);
    expect(readdirSync(dir).filter((name) => name.endsWith('.json'))).toHaveLength(3);
  });
});

describe('check', () => {
  it.each([
    ['lab-docker-loop', 0, /^THINPOOL OK - 1 pool/],
    ['lab-empty', 0, /^THINPOOL OK - no thin pools on this host/],
    ['lab-queueing', 2, /^THINPOOL CRITICAL - pool vg-pool is out of data space/],
    ['lab-failed', 2, /^THINPOOL CRITICAL - pool vg-pool has failed/],
    ['lab-no-dm', 3, /^THINPOOL UNKNOWN - .*no device-mapper driver/],
  ])('of %s exits with %i', async (name, exitCode, first) => {
    const { code, stdout, stderr } = await runProgram(['check', replay(name)]);
    expect([code, stderr]).toEqual([exitCode, '']);
    expect(stdout).toMatch(first);
  });

  it('prints JSON', async () => {
    const { code, stdout } = await runProgram(['check', '--json', replay('lab-queueing')]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'critical', pools: [{ name: 'vg-pool' }] });
  });

  it('ends, though a command does not', async () => {
    const path = pathWith(hangingTools());
    const before = Date.now();
    const { code, stdout } = await runProgram(['check', '--collector.pools.timeout=300ms'], path);
    expect(code).toBe(2);
    expect(stdout).toContain(`pool ${pool} exists, but its status could not be read`);
    expect(Date.now() - before).toBeLessThan(5000);
  });
});

it('logs one line on a Node.js that gets no more security fixes, and none on others', async () => {
  running = startProgram(['serve', '--web.listen-address=127.0.0.1:0', replay('lab-empty')]);
  await running.logged(/msg="?Listening/);
  running.child.kill('SIGTERM');
  const { stderr } = await running.ended;
  const isOld = endOfLifeOf(process.versions.node, Date.now()) !== undefined;
  expect(stderr.match(/This Node\.js gets no more security fixes/g) ?? []).toHaveLength(isOld ? 1 : 0);
});

describe('a pipe', () => {
  /** Runs the program with its output in a pipe to another command. Its exit status is the last line of standard error. */
  async function pipeTo(reader: string, args: readonly string[], path?: string) {
    const script = `{ "$@"; echo "$?" >&2; } | ${reader}`;
    const { stdout, stderr } = await startProgram(args, path, ['/bin/sh', '-c', script, 'sh']).ended;
    const lines = stderr.trimEnd().split('\n');
    return { code: Number(lines.at(-1)), stdout, stderr: lines.slice(0, -1).join('\n') };
  }

  // Only root may read the kernel log, and these tests need no root.
  const many = ['check', '--json', '--volumes.max=20000', '--collector.kmsg=off'];

  it.each(['{ sleep 4; cat; }', 'head -n 1'])(
    'gets all that it takes of 10,000 volumes: %s',
    async (reader) => {
      const host = openBenchHost({ pools: 10, volumes: 10_000 });
      onTestFinished(host.close);
      const { code, stdout, stderr } = await pipeTo(reader, many, `${host.tools}:/usr/bin:/bin`);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      if (reader === 'head -n 1') return expect(stdout).toBe('{\n');
      expect(stdout.length).toBeGreaterThan(1 << 20);
      const { status, pools } = JSON.parse(stdout) as { status: string; pools: { volumes: object[] }[] };
      expect(status).toBe('ok');
      expect(pools.flatMap(({ volumes }) => volumes)).toHaveLength(10_000);
    },
    60_000,
  );

  it.each([
    ['--version', 0],
    ['--help', 0],
    ['help check', 0],
    ['config', 0],
    [`check ${replay('lab-queueing')}`, 2],
    [`check --json ${replay('lab-queueing')}`, 2],
    [`doctor ${replay('lab-docker-loop')}`, 0],
    ['config --check', 0],
    ['rules', 0],
    ['rules --format=operator', 0],
    ['rules --format=vmalert', 0],
    ['runbooks', 0],
    ['runbooks ThinPoolFull', 0],
    ['dashboards DIR', 0],
    ['demo --no-alerting --for=3s', 0],
  ])('without a reader ends `%s` quietly', async (words, code) => {
    const args = words.replace('DIR', dir).split(' ');
    expect(await pipeTo('true', args)).toEqual({ code, stdout: '', stderr: '' });
  });

  it.each(['prometheus', 'operator', 'vmalert'])(
    'gets all of the rules, which it does not hold: %s',
    async (format) => {
      const { code, stdout, stderr } = await pipeTo('{ sleep 1; cat; }', ['rules', `--format=${format}`]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.length).toBeGreaterThan(1 << 16);
      expect(parse(stdout)).toMatchObject(
        format === 'operator' ? { kind: 'PrometheusRule' } : { groups: {} },
      );
      expect(stdout).toContain('alert: ThinPoolConfigRefused');
      expect(stdout.endsWith('\n')).toBe(true);
    },
  );

  it.each([
    ['runbooks', /^# /],
    ['runbooks ThinPoolFull', /^# ThinPoolFull\n/],
    ['dashboards DIR', /thinpool-\w+\.json\n/],
    ['demo --no-alerting --for=3s', /^This is a simulated host\. /],
  ])('gets what `%s` prints, when it reads late', async (words, text) => {
    const args = words.replace('DIR', dir).split(' ');
    const { code, stdout, stderr } = await pipeTo('{ sleep 1; cat; }', args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(text);
  });

  it.each([
    '--help',
    '--version',
    'config',
    'rules',
    'runbooks ThinPoolFull',
    `check ${replay('lab-healthy')}`,
    `check --json ${replay('lab-healthy')}`,
    `check ${replay('lab-queueing')}`,
    `doctor ${replay('lab-healthy')}`,
    `capture DIR/new ${replay('lab-healthy')}`,
    'dashboards DIR/new',
  ])('is not needed: a full disk is named in one line, and no status is claimed: %s', async (words) => {
    const under = ['/bin/sh', '-c', 'exec "$@" >/dev/full', 'sh'];
    const args = words.replace('DIR', dir).split(' ');
    const { code, stderr } = await startProgram(args, '/usr/bin:/bin', under).ended;
    expect(code).toBe(3);
    expect(stderr).toMatch(/^cannot write to standard output: ENOSPC[^\n]*\n$/);
  });
});

describe('check of a full pool', () => {
  const full = join(hostsDir, 'lab-queueing');
  /** Its tools, with what becomes of the volumes' status in a second sample. */
  const twice = (second: string) => ({
    dmsetup: `
case "$*" in
  *version*) echo "Library version:   1.02.185 (2022-05-18)" ;;
  *info*) cat '${full}/devices/info.txt' ;;
  *table*) cat '${full}/devices/table.txt' ;;
  *status*vg-pool*) cat '${full}/pools/vg-pool-tpool.txt' ;;
  *status*) [ -e '${dir}/ran' ] && { ${second}; }; touch '${dir}/ran'; cat '${full}/volumes/vg-pool-tpool.txt' ;;
esac`,
  });

  it('shows what grew since the first sample', async () => {
    const path = pathWith(twice('echo "0 524288 thin 272384 1"; exit'));
    const { code, stdout } = await runProgram(['check'], path);
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /\nFastest-growing volumes of vg-pool \(over \d\.\d s\):\n {2}vg\/thin {2}\d\.\d MiB\/s {2}133 MiB of 256 MiB\n/,
    );
  });

  it('ends, though a command of its second sample does not', async () => {
    const path = pathWith(twice(`echo $$ >>'${dir}/pids'; trap '' TERM INT; exec sleep 30`));
    const before = Date.now();
    const { code, stdout } = await runProgram(['check', '--collector.volumes.timeout=500ms'], path);
    expect(Date.now() - before).toBeLessThan(15_000);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^THINPOOL CRITICAL - pool vg-pool is out of data space/);
    expect(stdout).toMatch(
      /the second read failed: volumes .*: timed-out, .*\.\nLargest volumes of vg-pool /,
    );
  });
});

describe('textfile', () => {
  it('writes the metrics, without timestamps and without its own process', async () => {
    const file = join(dir, 'thinpool.prom');
    expect(await runProgram(['textfile', file, replay('lab-docker-loop')])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const samples = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples).toContain(`thinpool_data_used_bytes{pool="${pool}"} 243400704`);
    expect(samples.join()).not.toContain('thinpool_data_used_blocks');
    for (const line of samples) expect(line).toMatch(/^thinpool_[a-z_]+(?:\{.*\})? [^ ]+$/);
    expect(samples.at(-1)).toMatch(/^thinpool_exporter_build_info\{/);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it('knows from the run before how fast space is used up', async () => {
    const host = join(dir, 'host');
    cpSync(join(hostsDir, 'lab-healthy'), host, { recursive: true });
    const file = join(dir, 'thinpool.prom');
    const run = () => runProgram(['textfile', file, `--replay=${host}`]);
    const codes = () =>
      [...readFileSync(file, 'utf8').matchAll(/^thinpool_finding\{code="([^"]+)"/gm)].map(([, code]) => code);
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(codes()).not.toContain('runs-out-in-minutes');
    const status = join(host, 'pools', 'vg-data-tpool.txt');
    writeFileSync(status, readFileSync(status, 'utf8').replace('6880/16384', '15900/16384'));
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
    expect(codes()).toContain('runs-out-in-minutes');
    // node_exporter reads the one and not the other.
    expect(readdirSync(dir).sort()).toEqual(['host', 'thinpool.prom', 'thinpool.prom.state']);
  });

  it('writes the metrics although the state of the run before cannot be used', async () => {
    const file = join(dir, 'thinpool.prom');
    writeFileSync(`${file}.state`, '{"format":');
    const { code, stderr } = await runProgram(['textfile', file, replay('lab-healthy')]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/level=WARN msg="Ignoring the state of the previous run; .*thinpool\.prom\.state/);
    expect((await runProgram(['textfile', file, replay('lab-healthy')])).stderr).toBe('');
  });

  it('refuses a name that the collector would not read', async () => {
    const { code, stderr } = await runProgram(['textfile', join(dir, 'a.txt'), replay('lab-empty')]);
    expect(code).toBe(2);
    expect(stderr).toContain('must end in .prom');
    expect(readdirSync(dir)).toEqual([]);
  });

  it('says which directory is missing', async () => {
    const { code, stderr } = await runProgram(['textfile', join(dir, 'no', 'a.prom'), replay('lab-empty')]);
    expect(code).toBe(1);
    expect(stderr).toContain(`directory ${join(dir, 'no')} does not exist`);
  });
});

describe('config', () => {
  it('prints a file that it takes back', async () => {
    const first = await runProgram(['config', '--collector.lvm.interval=2m', '--minimum-free=10%']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const file = join(dir, 'options.yaml');
    writeFileSync(file, first.stdout);
    const second = await runProgram(['config', `--config.file=${file}`]);
    expect(second.stdout).toMatch(/^collector\.lvm\.interval: 2m +# file .*options\.yaml:\d+$/m);
    expect(second.stdout).toMatch(/^minimum-free: 10% +# file /m);
  });
});

describe('capture', () => {
  it('records what the tools say, for replay', async () => {
    const target = join(dir, 'host');
    const { code, stdout, stderr } = await runProgram(['capture', target], pathWith(tools));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`--replay ${target}`);
    expect(readFileSync(join(target, 'devices', 'info.txt'), 'utf8')).toContain(pool);
    expect(readFileSync(join(target, 'README.md'), 'utf8')).toContain('- lvm: 2.03.16(2)\n');
    const { stdout: output } = await runProgram(['check', `--replay=${target}`]);
    expect(output).toContain(`'${pool} data'=0.23%`);
  });

  it('scrambles names', async () => {
    const target = join(dir, 'host');
    const args = ['capture', '--scramble', target, replay('lab-recipe')];
    expect(await runProgram(args)).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await runProgram(['check', `--replay=${target}`]);
    expect(code).toBe(1);
    expect(stdout).toContain('autoextend-no-room');
  });

  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];

  it('writes files that only their user can read', async () => {
    const target = join(dir, 'host');
    await runProgram(['capture', target, replay('lab-recipe')]);
    const files = readdirSync(target, { recursive: true, encoding: 'utf8' });
    expect(files).toContain('kmsg/log.txt');
    const modes = files
      .map((file) => statSync(join(target, file)))
      .map((found) => (found.isDirectory() ? 'd' : '-') + (found.mode & 0o777).toString(8));
    expect([...new Set(modes)].sort()).toEqual(['-600', 'd700']);
    expect(statSync(target).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['/proc/thinpool-capture', 'no directory can be created in /proc'],
    ['/nowhere/host', '/nowhere does not exist'],
  ])('cannot write to %s, and says why at once', async (target, why) => {
    const { code, stderr } = await runProgram(['capture', target, replay('lab-empty')]);
    expect(code).toBe(1);
    expect(stderr).toContain(why);
    expect(stderr).not.toContain('permission');
  });

  it.runIf(process.geteuid?.() === 0)('writes as an ordinary user where that user may write', async () => {
    const own = join(dir, 'own');
    mkdirSync(own);
    chmodSync(dir, 0o755);
    const run = (target: string) =>
      startProgram(['capture', target, replay('lab-empty')], undefined, nobody).ended;
    expect(await run(join(own, 'host'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`no permission in ${own}`),
    });
    chownSync(own, 65_534, 65_534);
    expect(await run(join(own, 'host'))).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(join(own, 'host/README.md')).uid).toBe(65_534);
  });

  it('leaves a directory alone that holds something', async () => {
    mkdirSync(join(dir, 'host'));
    writeFileSync(join(dir, 'host', 'mine'), 'x');
    const { code, stderr } = await runProgram(['capture', join(dir, 'host'), replay('lab-empty')]);
    expect(code).toBe(1);
    expect(stderr).toContain('is not empty (mine)');
    expect(readdirSync(join(dir, 'host'))).toEqual(['mine']);
  });
});

describe('capture that a signal ends', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves nothing behind, and says so: %s', async (signal, expected) => {
    const target = join(dir, 'host');
    running = startProgram(['capture', target], pathWith(hangingTools('')));
    await expect.poll(hasHung, { timeout: 10_000 }).toBe(true);
    expect(existsSync(target)).toBe(true);
    running.child.kill(signal);
    const { code, stdout, stderr } = await running.ended;
    expect([code, stdout]).toEqual([expected, '']);
    expect(stderr).toBe(`capture: interrupted; what it had written to ${target} was removed\n`);
    expect(existsSync(target)).toBe(false);
    await expect.poll(() => hungTools()).toEqual([]);
  });

  it('leaves an empty directory that was there, empty', async () => {
    const target = join(dir, 'host');
    mkdirSync(target, { mode: 0o700 });
    running = startProgram(['capture', target], pathWith(hangingTools('')));
    await expect.poll(hasHung, { timeout: 10_000 }).toBe(true);
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(143);
    expect(readdirSync(target)).toEqual([]);
  });
});

describe('doctor', () => {
  it('reports versions, collectors and what to do', async () => {
    const { code, stdout } = await runProgram(['doctor'], pathWith(tools));
    expect(stdout).toContain('ok    dmsetup: 1.02.185\n');
    expect(stdout).toMatch(/^ok {4}pools: 1 of 1 query succeeded$/m);
    expect(stdout).toMatch(/^info {2}loopback-in-use: /m);
    expect(code).toBe(/^fail /m.test(stdout) ? 2 : /^warn /m.test(stdout) ? 1 : 0);
  });
});

describe('serve', () => {
  const args = ['serve', '--web.listen-address=127.0.0.1:0', '--log.format=json'];

  async function start(path: string, ...more: readonly string[]): Promise<string> {
    running = startProgram([...args, ...more], path);
    const [, address] = await running.logged(/"address":"([^"]+)"/);
    return `http://${address?.replace(/^https?:\/\//, '')}`;
  }

  async function metricsWith(url: string, wanted: string): Promise<string> {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const text = await (await fetch(`${url}/metrics`)).text();
      if (text.includes(wanted)) return text;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no ${wanted}`);
  }

  async function stop(): Promise<{ code: number | null; ms: number }> {
    const before = Date.now();
    running?.child.kill('SIGTERM');
    const ended = await running?.ended;
    return { code: ended?.code ?? null, ms: Date.now() - before };
  }

  it('answers with the metrics of the host, and ends on a signal', async () => {
    const url = await start(pathWith(tools));
    await metricsWith(url, `thinpool_data_used_bytes{pool="${pool}"} 243400704`);
    const { code, ms } = await stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2000);
  });

  it('shows a captured host by the name of its directory', async () => {
    const url = await start(pathWith(tools), replay('lab-healthy'));
    const markup = await (await fetch(url)).text();
    expect(markup).toContain('<p class="hostname"><bdi>replay of lab-healthy</bdi>');
    expect((await stop()).code).toBe(0);
  });

  it('shows the host by the name that an option gives it, also in notifications', async () => {
    const push = '--alertmanager.url=http://127.0.0.1:9';
    const url = await start(pathWith(tools), '--host-name=node1.example', push);
    const markup = await (await fetch(url)).text();
    expect(markup).toContain('<p class="hostname"><bdi>node1.example</bdi>');
    expect(/<title>(?<title>[^<]*)/.exec(markup)?.groups?.['title']).toContain('node1.example');
    expect(running?.text()).toMatch(/"instance":"node1\.example:\d+"/);
    expect((await stop()).code).toBe(0);
  });

  // One time in twenty a command has ended before the exporter has read the same signal, and is logged.
  it('does not warn of the commands that Ctrl-C ends with it', { retry: 3 }, async () => {
    const under = ['/usr/bin/setsid', '--'];
    running = startProgram([...args, '--collector.kmsg=off'], pathWith(hangingTools('')), under);
    await running.logged(/msg="?Listening|"msg":"Listening"/);
    await expect.poll(hasHung, { timeout: 10_000 }).toBe(true);
    const before = running.text();
    // The whole foreground group, as a terminal does.
    process.kill(-(running.child.pid ?? 0), 'SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr.slice(before.length)).toContain('"Stopped"');
    const after = stderr.slice(before.length).replaceAll(/^.*This Node\.js gets no more.*$/gm, '');
    expect(after).not.toMatch(/"level":"(?:warn|error)"|"level":[45]0/);
  });

  it('answers and ends though a command hangs and ignores every signal', async () => {
    const url = await start(pathWith(hangingTools()));
    await metricsWith(url, `thinpool_info{pool="${pool}"`);
    await expect.poll(hasHung, { timeout: 10_000 }).toBe(true);
    expect(await metricsWith(url, `thinpool_info{pool="${pool}"`)).not.toContain('thinpool_data_used_bytes{');
    const { code, ms } = await stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2000);
  });

  it.each([
    ['serve', 0],
    // A command that does not listen to the signal dies of it.
    ['check', null],
  ])('ends a command that is under way: %s', async (command, code) => {
    const more = command === 'serve' ? args.slice(1) : [];
    running = startProgram([command, ...more], pathWith(hangingTools('')));
    await expect.poll(hasHung, { timeout: 10_000 }).toBe(true);
    expect(hungTools()).not.toEqual([]);
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(code);
    await expect.poll(() => hungTools()).toEqual([]);
  });

  it('listens for events of pools, unless that is turned off', async () => {
    const url = await start(pathWith(tools));
    // Without the right to read the kernel log it is 0.
    expect(await metricsWith(url, 'thinpool_up{')).toMatch(/^thinpool_events_up [01]$/m);
    expect((await stop()).code).toBe(0);
    const deaf = await start(pathWith(tools), '--collector.pools.events=false');
    expect(await metricsWith(deaf, 'thinpool_up{')).not.toContain('thinpool_events');
  });

  it('takes new options on SIGHUP, keeps the old ones while the file is wrong, and says what waits for a restart', async () => {
    const file = join(dir, 'options.yaml');
    writeFileSync(file, 'nearly-full.warning: 80\n');
    const url = await start(pathWith(tools), `--config.file=${file}`);
    const limits = async () => (await (await fetch(`${url}/api/v1/findings`)).json()).limits;
    await metricsWith(url, 'thinpool_exporter_config_last_reload_successful 1\n');
    expect((await limits()).nearlyFullWarningPercent).toBe(80);

    writeFileSync(file, 'nearly-full.warning: 10\nweb.telemetry-path: /other\n');
    running?.child.kill('SIGHUP');
    await running?.logged(/take effect after a restart only.*|"options":"web\.telemetry-path"/);
    expect((await limits()).nearlyFullWarningPercent).toBe(10);
    await metricsWith(url, 'thinpool_exporter_config_restart_required_options 1\n');

    writeFileSync(file, 'nearly-full.warning: nonsense\n');
    running?.child.kill('SIGHUP');
    await running?.logged(/options\.yaml:1: nearly-full\.warning: expected a percentage/);
    await metricsWith(url, 'thinpool_exporter_config_last_reload_successful 0\n');
    expect((await limits()).nearlyFullWarningPercent).toBe(10);
    expect((await stop()).code).toBe(0);
  });

  it('opens no inspector at SIGUSR1, which needs no authentication, and keeps running', async () => {
    const url = await start(pathWith(tools));
    for (let signal = 0; signal < 3; signal += 1) {
      running?.child.kill('SIGUSR1');
      await pause(200);
    }
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
    // Node.js also says there when the port was taken.
    expect(running?.text()).not.toMatch(/debugger|inspector/i);
    expect((await stop()).code).toBe(0);
  });

  it('says so when the address is taken', async () => {
    const url = await start(pathWith(tools));
    const { code, stderr } = await runProgram([
      'serve',
      `--web.listen-address=${url.slice('http://'.length)}`,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /level=ERROR msg="Exporter failed" err="cannot listen on \S+: another process, or another --web.listen-address, uses this address"$/m,
    );
  });
});
