import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../demo/ports.ts';
import { type Load, readLoad } from '../support/load.ts';
import { findProgram } from './debian.ts';
import { end, firstPort } from './exporter.ts';

/** Debian's node_exporter. */
export function findNodeExporter(cache: string): string {
  const name = 'prometheus-node-exporter';
  return findProgram(cache, `/usr/bin/${name}`, [name]).file;
}

interface NodeExporter {
  readonly url: string;
  readonly load: () => Load;
  readonly stop: () => Promise<void>;
}

/** node_exporter serving exactly these series, from a file, and nothing else. */
export async function serveByNodeExporter(program: string, page: string): Promise<NodeExporter> {
  const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-bench-'));
  writeFileSync(path.join(folder, 'page.prom'), page);
  const exporter = await startNodeExporter(program, [
    '--collector.disable-defaults',
    '--collector.textfile',
    `--collector.textfile.directory=${folder}`,
    '--web.disable-exporter-metrics',
  ]);
  return {
    ...exporter,
    stop: async () => {
      await exporter.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function startNodeExporter(program: string, words: readonly string[]): Promise<NodeExporter> {
  const port = await freePort(firstPort);
  const child = spawn(program, [...words, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/metrics`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) break;
    await pause(100);
  }
  return { url, load: () => readLoad(child.pid ?? 0), stop: () => end(child) };
}
