import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
