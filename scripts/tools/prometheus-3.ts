// Prometheus 3 for the tests of the dashboards, into .cache/prometheus-3. Debian 12 has Prometheus 2; the package of Debian sid
// is statically linked and runs here, too, once it is unpacked. apt reads sid in folders of its own: the system stays as it is.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../.cache/prometheus-3');
const source =
  'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian sid main\n';

export function main(): number {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(path.join(folder, 'fetch-'));
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
    writeFileSync(inWork('sources.list'), source);
    writeFileSync(inWork('status'), '');
    run('apt-get', '-qq', ...apt, 'update');
    run('apt-get', '-qq', ...apt, 'download', 'prometheus');
    const [packed = ''] = readdirSync(work).filter((file) => file.endsWith('.deb'));
    run('dpkg-deb', '-x', packed, folder);
    console.log(run(path.join(folder, 'usr/bin/prometheus'), '--version').split('\n')[0]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return 0;
}
