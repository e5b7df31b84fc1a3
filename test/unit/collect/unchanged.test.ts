import { expect, it } from 'vitest';
import { runQuery } from '../../../src/collect/run-query.ts';
import type { Input, Query } from '../../../src/collectors/collector.ts';
import type { PartialFacts } from '../../../src/model/facts.ts';
import { ScriptedHost } from '../../support/scripted.ts';

const status = '1 20/1024 100/3200 - rw discard_passdown queue_if_no_space - 256 ';

async function tell(
  input: Input,
  text: string,
  before: PartialFacts | undefined,
  given?: string,
): Promise<PartialFacts> {
  const parse = ({ stdout }: { stdout: string }): PartialFacts => ({
    daemons: [{ name: stdout, running: true, frozen: false }],
  });
  const query: Query = { key: 'k', variants: [{ input, parse, ...(given !== undefined && { given }) }] };
  const output = { stdout: text, stderr: '', exitCode: 0, takenAt: 1 };
  const read = () => ({ result: Promise.resolve({ ok: true as const, output }), exited: Promise.resolve() });
  const asking = runQuery(query, { read, collector: 's', timeoutMs: 1, firstVariant: 0, before });
  const result = await asking.result;
  if (result.outcome !== 'ok') throw new Error(result.detail);
  return result.facts;
}

it('recognises output that a command printed before', async () => {
  const command = { command: ['tool'] } as const;
  const first = await tell(command, 'x', undefined);
  expect(await tell(command, 'x', first)).toBe(first);
  expect(await tell(command, 'y', first)).toEqual({ daemons: [{ name: 'y', running: true, frozen: false }] });
  expect(await tell({ command: ['tool', 'more'] }, 'x', first)).not.toBe(first);
  const log = { kernelLog: '/dev/kmsg' } as const;
  const records = await tell(log, 'x', undefined);
  expect(await tell(log, 'x', records)).not.toBe(records);
});

it('reads the same output again when what its parser knows of the host has changed', async () => {
  const command = { command: ['tool'] } as const;
  const first = await tell(command, 'x', undefined, '100 bytes mapped');
  const origin = await tell(command, 'x', first, '100 bytes mapped');
  expect(origin).toBe(first);
  expect(await tell(command, 'x', first, '200 bytes mapped')).not.toBe(first);
});

it('keeps the very same volumes while nothing about them changes', async () => {
  const host = new ScriptedHost(['devices', 'pools', 'volumes']);
  host.pool('p', status);
  const put = (attr: string, mapped: number) => {
    host.outputs.set('devices/info', `253|2|L--w|1|0||p\n253|9|${attr}|0|0||v\n`);
    host.outputs.set('devices/table', 'p: 0 409600 thin-pool 253:0 253:1 128 0 0\nv: 0 2048 thin 253:2 1\n');
    host.outputs.set('volumes/p', `0 2048 thin ${mapped} ${mapped - 1}\n`);
  };
  const volumes = () => host.monitor.current().host.pools[0]?.volumes;
  put('L--w', 128);
  await host.pass(5);
  const first = volumes();
  expect(first).toMatchObject([{ name: 'v', mappedBytes: 65_536, suspended: false }]);
  await host.pass(20);
  expect(volumes()).toBe(first);
  put('L-sw', 128);
  await host.pass(6);
  expect(volumes()).toMatchObject([{ suspended: true }]);
  put('L--w', 256);
  await host.pass(20);
  expect(volumes()).toMatchObject([{ mappedBytes: 131_072, suspended: false }]);
});
