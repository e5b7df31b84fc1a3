// Other versions of what reads the exporter, for tests of rules, dashboards and scrapes, into .cache/monitoring: Debian 12 has
// Prometheus 2.42 and Alertmanager 0.25. The packages of other suites are statically linked and run here, too, once they are
// unpacked. apt reads those suites in folders of its own: the system stays as it is.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const cache = path.resolve(import.meta.dirname, '../../.cache/monitoring');

/** Of each suite, packages and the folders for them. */
const suites: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  bookworm: { 'victoria-metrics': 'victoria-metrics-1.79' },
  trixie: { prometheus: 'prometheus-2.53', promtool: 'prometheus-2.53' },
  sid: {
    prometheus: 'prometheus-3',
    promtool: 'prometheus-3',
    'prometheus-alertmanager': 'alertmanager',
    'victoria-metrics': 'victoria-metrics',
  },
};

export function main(): number {
  mkdirSync(cache, { recursive: true });
  for (const [suite, packages] of Object.entries(suites)) fetchPackages(suite, packages);
  return 0;
}

function fetchPackages(suite: string, packages: Readonly<Record<string, string>>): void {
  const work = mkdtempSync(path.join(cache, 'fetch-'));
  const inWork = (...parts: string[]): string => path.join(work, ...parts);
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: work, encoding: 'utf8' });
  const options = {
    'Dir::State::lists': inWork('lists'),
    'Dir::State::status': inWork('status'),
    'Dir::Cache': inWork('cache'),
    'Dir::Etc::sourcelist': inWork('sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Acquire::Languages': 'none',
    // Root's folders are closed to the user that apt would download as.
    'APT::Sandbox::User': 'root',
  };
  const apt = Object.entries(options).map(([name, value]) => `-o${name}=${value}`);
  try {
    for (const part of ['lists/partial', 'cache/archives/partial'])
      mkdirSync(inWork(part), { recursive: true });
    writeFileSync(inWork('sources.list'), sourceOf(suite));
    writeFileSync(inWork('status'), '');
    run('apt-get', '-qq', ...apt, 'update');
    run('apt-get', '-qq', ...apt, 'download', ...Object.keys(packages));
    for (const folder of Object.values(packages))
      rmSync(path.join(cache, folder), { recursive: true, force: true });
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      const [name = '', version = ''] = file.split('_');
      const folder = path.join(cache, packages[name] ?? name);
      run('dpkg-deb', '-x', file, folder);
      console.log(`${path.relative(process.cwd(), folder)}: ${name} ${decodeURIComponent(version)}`);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function sourceOf(suite: string): string {
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  return `deb [signed-by=${keys}] http://deb.debian.org/debian ${suite} main\n`;
}
