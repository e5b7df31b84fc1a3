import { describe, expect, it } from 'vitest';
import type { Output } from '../../../src/collectors/collector.ts';
import { failure, type Read, type ReadResult } from '../../../src/io/read.ts';
import { readCounters, send } from '../../../src/measure/metadata-snapshot.ts';

const exited = Promise.resolve();
const reading =
  (result: ReadResult): Read =>
  () => ({ result: Promise.resolve(result), exited });
const output = (parts: Partial<Output>): ReadResult => ({
  ok: true,
  output: { stdout: '', stderr: '', exitCode: 0, takenAt: 0, ...parts },
});

describe('a message', () => {
  it.each([
    ['done', output({})],
    ['refused', output({ exitCode: 1, stderr: 'Device or resource busy\n' })],
    ['refused', failure('not-installed', 'no dmsetup')],
    // It may have reached the kernel.
    ['unknown', output({ exitCode: 128 })],
    ['unknown', failure('timed-out', 'no result')],
  ])('is %s', async (how, result) => {
    expect((await send(reading(result), 'p', 'reserve_metadata_snap')).how).toBe(how);
  });
});

describe('the status of a pool', () => {
  const line = '0 1000 thin-pool 1 20/1024 100/3200 77 rw discard_passdown queue_if_no_space - 256 \n';
  it('has the block of its metadata snapshot', async () => {
    const read = reading(output({ stdout: line }));
    expect(await readCounters(read, 'p')).toMatchObject({ counters: { heldMetadataRoot: 77 } });
  });

  it.each([
    ['Fail', output({ stdout: '0 1000 thin-pool Fail\n' })],
    ['half a line', output({ stdout: line.slice(0, 30) })],
    ['no such device', output({ exitCode: 1, stderr: 'No such device' })],
    ['no answer', failure('timed-out', 'no result')],
    ['no line', output({})],
  ])('is not known: %s', async (_, result) => {
    expect(await readCounters(reading(result), 'p')).toHaveProperty('failure');
  });
});
