import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../demo/ports.ts';
import { end, firstPort } from './exporter.ts';

const name = 'prometheus-node-exporter';

/** Debian's node_exporter: an installed one, or fetched into the cache; nothing is installed. */
export function findNodeExporter(cache: string): string {
  const installed = `/usr/bin/${name}`;
  if (existsSync(installed)) return installed;
  const folder = path.join(cache, name);
  const program = path.join(folder, installed);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  execFileSync('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', name], {
    cwd: folder,
    stdio: 'ignore',
  });
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb')) ?? '';
  execFileSync('dpkg-deb', ['-x', path.join(folder, archive), folder]);
  return program;
}

/** node_exporter serving exactly these series, from a file, and nothing else. */
export async function serveByNodeExporter(
  program: string,
  page: string,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-bench-'));
  writeFileSync(path.join(folder, 'page.prom'), page);
  const port = await freePort(firstPort);
  const child = spawn(
    program,
    [
      '--collector.disable-defaults',
      '--collector.textfile',
      `--collector.textfile.directory=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.disable-exporter-metrics',
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}/metrics`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) break;
    await pause(100);
  }
  return {
    url,
    stop: async () => {
      await end(child);
      rmSync(folder, { recursive: true });
    },
  };
}
