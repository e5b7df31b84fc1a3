// `npm run packages`: installs a release in a bare system of each Debian suite by the lines of the README, tries the commands of a first
// day there, and with --write puts the results into docs/behaviour/packages.md. Names of suites choose some. CI has bookworm only.
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type DebianRoot, makeDebians, openDebianRoot } from './debian-root.ts';
import { made, project, replay, version } from './made.ts';
import { setup } from './make.ts';
import { installLines } from './readme-lines.ts';
import { openRpmHost } from './rpm-host.ts';
import { pageOf } from './service.ts';

const allSuites = ['bullseye', 'bookworm', 'trixie', 'sid'] as const;
const document = path.join(project, 'docs/behaviour/packages.md');
const unit = '/usr/lib/systemd/system/thinpool-exporter.service';

/** What a check found, as its cell has it. Throws if it does not hold. */
type Check = (root: DebianRoot, suite: string) => string | Promise<string>;

const versionOf = (program: string): Check => {
  const first = (root: DebianRoot) => root.run(`dpkg-query -W -f '\${Version}' ${program}`).split('\n')[0];
  return (root) => first(root) ?? '';
};

function expectOutput(output: string, expected: string): string {
  if (!output.includes(expected)) throw new Error(`no ${JSON.stringify(expected)} in: ${output}`);
  return 'yes';
}

/** As a user types it: the file is in the current directory, and installers prompt for confirmation. */
function type(root: DebianRoot, line: string, artifact: string): void {
  copyFileSync(artifact, path.join(root.folder, 'tmp', path.basename(artifact)));
  root.run(`cd /tmp && yes | { ${line}; }`);
}

const isRunning = (root: DebianRoot): string =>
  expectOutput(root.run('thinpool-exporter --version'), version);

/** Its exit status and what it prints; a status other than 0 is no failure. */
const statusOf = (root: DebianRoot, words: string): string =>
  root.run(`status=0; thinpool-exporter ${words} 2>&1 || status=$?; echo "exit status $status"`);

async function servesIn(root: DebianRoot, command: readonly string[]): Promise<string> {
  const service = root.start([...command, '--replay', '/srv/host', '--web.listen-address', '127.0.0.1:0']);
  try {
    return expectOutput(await pageOf(service), `thinpool_exporter_build_info{version="${version}"`);
  } finally {
    service.kill('SIGKILL');
  }
}

/** How soon the single binary must serve its first page, and how often that is tried: a busy machine takes longer now and then. */
const startMs = 400;
const starts = 5;

/** The quickest start until the first page is there, with what entering the system takes. */
async function startOf(root: DebianRoot): Promise<string> {
  const times: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const from = performance.now();
    await servesIn(root, ['thinpool-exporter']);
    times.push(performance.now() - from);
  }
  const quickest = Math.round(Math.min(...times));
  if (quickest >= startMs) throw new Error(`${quickest} ms, expected less than ${startMs}`);
  return `${quickest} ms`;
}

/** In this order, in one root: what is installed first is there for the others. */
const checks: Readonly<Record<string, Check>> = {
  'C library': versionOf('libc6'),
  dpkg: versionOf('dpkg'),
  systemd: versionOf('systemd'),
  [`\`${installLines.byApt.split(' ').slice(0, 2).join(' ')}\` the .deb`]: (root) => {
    // A mirror of unstable may be weeks old.
    root.run('apt-get -qq -o Acquire::Check-Valid-Until=false update');
    type(root, installLines.byApt, made.deb);
    return isRunning(root);
  },
  'the service is enabled': (root) =>
    expectOutput(root.run('systemctl is-enabled thinpool-exporter'), 'enabled'),
  '`systemd-analyze verify` of the unit': (root) => {
    const said = root.run(`systemd-analyze verify ${unit} 2>&1 || true`).trim();
    // There is no man in these systems.
    const about = said
      .split('\n')
      .filter((line) => line.includes('thinpool-exporter') && !line.includes('thinpool-exporter(8)'));
    if (about.length > 0) throw new Error(about.join('; '));
    return 'yes';
  },
  '`doctor` of a captured host': (root) =>
    expectOutput(statusOf(root, 'doctor --replay /srv/host'), 'exit status 1'),
  '`doctor` without pools': (root) => /exit status \d/.exec(statusOf(root, 'doctor'))?.[0] ?? 'no',
  '`check` of a captured host': (root) => {
    const printed = statusOf(root, 'check --replay /srv/host');
    expectOutput(printed, 'THINPOOL WARNING - pool docker-thinpool');
    return expectOutput(printed, 'exit status 1');
  },
  '`serve` answers /metrics': (root) => servesIn(root, ['thinpool-exporter']),
  'purged, nothing is left': (root) => {
    root.run('dpkg --purge thinpool-exporter');
    const left = root.list().filter((file) => file.includes('thinpool-exporter'));
    if (left.length > 0) throw new Error(left.join(' '));
    return 'yes';
  },
  '`install` of the single binary': (root) => {
    type(root, installLines.byCopy, made.executable);
    return isRunning(root);
  },
  'from its start to the first page, quickest of five': startOf,
  '`node` with the bundle, Node.js of the suite': async (root) => {
    root.run('apt-get -qq install --no-install-recommends nodejs');
    const its = root.run('node --version').trim();
    copyFileSync(made.bundle, path.join(root.folder, 'tmp', path.basename(made.bundle)));
    const [, file = ''] = installLines.byNode.split(' ');
    if (Number(its.split('.')[0]?.slice(1)) < 20) return `too old: ${its}`;
    await servesIn(root, ['node', `/tmp/${file}`]);
    return its;
  },
  [`\`${installLines.byDnf.split(' ').slice(0, 2).join(' ')}\` the .rpm (*)`]: (_, suite) => {
    const host = openRpmHost('2.28', suite);
    try {
      type(host, installLines.byDnf, made.rpm);
      isRunning(host);
      return host.run('rpm --version').trim().split(' ').at(-1) ?? '';
    } finally {
      host.remove();
    }
  },
};

async function resultsOf(suite: string): Promise<ReadonlyMap<string, string>> {
  const root = openDebianRoot(`suite-${suite}`, 'host', suite);
  const results = new Map<string, string>();
  cpSync(replay, path.join(root.folder, 'srv/host'), { recursive: true });
  try {
    for (const [name, check] of Object.entries(checks)) {
      try {
        results.set(name, await check(root, suite));
      } catch (error) {
        results.set(name, 'no');
        const { message, stderr = '' } = error as { message: string; stderr?: string };
        console.error(`${suite}: ${name}: ${message} ${stderr}`);
      }
      console.log(`${suite}: ${name}: ${results.get(name)}`);
    }
  } finally {
    root.remove();
  }
  return results;
}

function tableOf(results: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  const suites = [...results.keys()];
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [
    row(['', ...suites]),
    row(['---', ...suites.map(() => '---')]),
    ...Object.keys(checks).map((name) =>
      row([name, ...suites.map((suite) => results.get(suite)?.get(name) ?? '')]),
    ),
  ].join('');
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: 'boolean', default: false } },
  });
  const suites = allSuites.filter((suite) => positionals.length === 0 || positionals.includes(suite));
  await setup();
  for (const suite of suites)
    await makeDebians([
      { kind: 'host', suite },
      { kind: 'rpm', suite },
    ]);
  const results = new Map<string, ReadonlyMap<string, string>>();
  for (const suite of suites) results.set(suite, await resultsOf(suite));
  const table = tableOf(results);
  console.log(table);
  if (values.write) {
    const text = readFileSync(document, 'utf8');
    const [before = '', after = ''] = text.split(/<!-- results -->[\s\S]*<!-- end of results -->/);
    writeFileSync(document, `${before}<!-- results -->\n\n${table}\n<!-- end of results -->${after}`);
  }
  return [...results.values()].some((cells) => [...cells.values()].includes('no')) ? 1 : 0;
}

process.exit(await main());
