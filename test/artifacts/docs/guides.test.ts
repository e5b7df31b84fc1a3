import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSimulator } from '../../../demo/simulator.ts';
import { stories } from '../../../demo/story.ts';
import { embeddedTools } from '../../../src/embedded.ts';
import { blocksOf } from '../../support/documents.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const folder = join(project, 'docs/guide');
const read = (file: string) => readFileSync(join(project, file), 'utf8');

it('has an entry in the index for every guide', () => {
  const index = read('docs/README.md');
  const missing = readdirSync(folder).filter((file) => !index.includes(`(guide/${file})`));
  expect(missing).toEqual([]);
});

it('quotes log messages that the program has', () => {
  const text = read('docs/guide/troubleshooting.md');
  const messages = [...text.matchAll(/^\| log: `([^`]+)`/gm)].map(([, message]) => message!);
  expect(messages.length).toBeGreaterThan(2);
  const sources = ['src/main.ts', 'src/cli/serve.ts'].map(read).join('');
  expect(messages.filter((message) => !sources.includes(`'${message}'`))).toEqual([]);
});

it('has a script for RHEL 7 that counts what the pools of a host have', () => {
  const script = blocksOf(read('docs/guide/rhel7.md'), 'sh').find((block) => block.startsWith('#!'))!;
  const simulator = openSimulator(embeddedTools());
  simulator.show(45);
  // The simulated dmsetup has no --target; every device is printed, and the script takes the pools.
  const shown = script.replace(' --target thin-pool', '');
  const output = execFileSync('sh', ['-c', shown], {
    env: { PATH: `${simulator.tools}:/usr/bin:/bin` },
    encoding: 'utf8',
  });
  simulator.close();
  const expected = stories.docker
    .hostAt(45)
    .pools.flatMap((pool) => [
      `dm_thin_pool_failed{pool="${pool.dmName}"} 0`,
      `dm_thin_pool_data_used_blocks{pool="${pool.dmName}"} ${pool.usedBlocks}`,
      `dm_thin_pool_data_blocks{pool="${pool.dmName}"} ${pool.totalBlocks}`,
      `dm_thin_pool_metadata_used_blocks{pool="${pool.dmName}"} ${pool.metadataUsed}`,
      `dm_thin_pool_metadata_blocks{pool="${pool.dmName}"} ${pool.metadataTotal}`,
    ]);
  expect(output.trim().split('\n').sort()).toEqual(expected.sort());
});

describe('the scripts of docs/guide/room.md', () => {
  const scripts = blocksOf(read('docs/guide/room.md'), 'sh').filter((block) => block.startsWith('#!'));

  /** Runs one with the built program on a captured host; what it would start only says so. */
  function runScript(name: string, host: string, ...args: readonly string[]) {
    const script = scripts.find((text) => text.includes(`# ${name} `))!;
    const work = mkdtempSync(join(tmpdir(), 'guide-room-'));
    const put = (file: string, text: string): void =>
      writeFileSync(join(work, file), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    const main = join(project, 'dist/main.js');
    const captured = join(project, 'test/hosts', host);
    put('thinpool-exporter', `exec '${process.execPath}' '${main}' "$@" --replay='${captured}'`);
    for (const tool of ['docker', 'lvcreate']) put(tool, `echo ${tool} "$@"`);
    writeFileSync(join(work, 'script'), script);
    const env = { PATH: `${work}:/usr/bin:/bin` };
    const { status, stdout } = spawnSync('sh', [join(work, 'script'), ...args], { env, encoding: 'utf8' });
    rmSync(work, { recursive: true });
    return { status, last: stdout.trim().split('\n').at(-1) };
  }

  it('are three', () => {
    expect(scripts).toHaveLength(3);
  });

  it.each([
    ['field-pve-healthy', 'backup-start', 'snapshot', 0],
    ['field-one-block-left', 'backup-start', 'snapshot', 1],
    ['field-one-block-left', 'backup-start', 'stop', 0],
    ['field-one-block-left', 'job-end', 'snapshot', 0],
  ])('a backup on %s at %s, mode %s, ends with %i', (host, phase, mode, status) => {
    expect(runScript('vzdump-room', host, phase, mode, '101').status).toBe(status);
  });

  it('a pull starts only where the image fits', () => {
    expect(runScript('pull-if-it-fits', 'lab-docker-direct', 'alpine', '100M').last).toBe(
      'docker pull alpine',
    );
    expect(runScript('pull-if-it-fits', 'docker-containers', 'alpine').status).toBe(1);
    expect(runScript('pull-if-it-fits', 'lab-no-dm', 'alpine').status).toBe(1);
  });

  it('a snapshot is made only where LVM makes it', () => {
    const made = runScript(
      'snapshot-if-it-fits',
      'field-pve-healthy',
      'pve/vm-101-disk-0',
      's',
      'pve/data',
      '5G',
    );
    expect(made.last).toBe('lvcreate -s -n s pve/vm-101-disk-0');
    const refused = runScript(
      'snapshot-if-it-fits',
      'field-qubes7124',
      'a/b',
      's',
      'qubes_dom0/vm-pool',
      '1M',
    );
    expect(refused.status).toBe(1);
  });
});
