import { expect, it } from 'vitest';
import type { Output } from '../../../src/collectors/collector.ts';
import { failure, type Read, type ReadResult } from '../../../src/io/read.ts';
import { listVolumes } from '../../../src/measure/list-volumes.ts';

const output = (parts: Partial<Output>): ReadResult => ({
  ok: true,
  output: { stdout: '', stderr: '', exitCode: 0, takenAt: 0, ...parts },
});
const none = failure('not-installed', 'no ionice');
const never = new Promise<never>(() => {});

/** Answers of the commands in their order. */
async function list(results: readonly (ReadResult | Promise<never>)[], stopping: Promise<'stopped'> = never) {
  const started: string[] = [];
  const read: Read = (input) => {
    if ('command' in input) started.push(input.command[0]);
    const result = Promise.resolve(results[started.length - 1] ?? none);
    return { result, exited: Promise.resolve() };
  };
  return { started, found: await listVolumes('/dev/dm-0', { read, timeoutMs: 1000, stopping }) };
}

it('lists without ionice, too', async () => {
  const listing = output({ stdout: '1 2 2 0\n' });
  expect(await list([listing])).toMatchObject({ started: ['ionice'], found: { stdout: '1 2 2 0\n' } });
  expect(await list([none, listing])).toMatchObject({
    started: ['ionice', 'nice'],
    found: { stdout: '1 2 2 0\n' },
  });
});

it.each([
  ['not-installed', [none, none]],
  ['not-installed', [output({ exitCode: 127 })]],
  ['failed', [output({ exitCode: 1, stderr: 'bad checksum' })]],
  ['failed', [failure('output-too-large', 'more than 1 byte')]],
  ['timed-out', [failure('timed-out', 'no result')]],
] as const)('is %s', async (outcome, results) => {
  const { found } = await list(results);
  expect(found).toMatchObject({ outcome });
  expect(found).not.toHaveProperty('exited');
});

it('does not wait while the exporter stops', async () => {
  expect(await list([never], Promise.resolve('stopped'))).toMatchObject({ found: { outcome: 'failed' } });
});

it('says that thin_ls does not end', { timeout: 10_000 }, async () => {
  const read: Read = () => ({ result: Promise.resolve(failure('timed-out', 'no result')), exited: never });
  const found = await listVolumes('/dev/dm-0', { read, timeoutMs: 1000, stopping: never });
  expect(found).toMatchObject({ outcome: 'timed-out', exited: never });
});
