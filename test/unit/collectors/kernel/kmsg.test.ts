import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kmsg } from '../../../../src/collectors/kernel/kmsg.ts';
import type { PartialFacts } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import { makeHost, makePool, makeVolume } from '../../../support/makers.ts';

const takenAt = 1_700_000_000_000;

function read(stdout: string, host: Host = makeHost(), before?: PartialFacts): PartialFacts {
  const [query] = kmsg.queries(host, { segMonitor: 'auto' });
  const facts = query?.variants[0].parse({ stdout, stderr: '', exitCode: 0, takenAt }, before);
  if (facts === undefined) throw new Error('no query');
  return facts;
}

const hosts = new URL('../../../hosts/', import.meta.url);
const captures = readdirSync(hosts)
  .map((host) => `${host}/kmsg/log.txt`)
  .filter((path) => existsSync(new URL(path, hosts)));

describe('kmsg', () => {
  it('always queries the log: messages from before a pool is known count', () => {
    expect(kmsg.queries(makeHost(), { segMonitor: 'auto' })).toHaveLength(1);
  });

  it('finds nothing in a quiet log', () => {
    expect(read('#monotonic 5\n')).toEqual({ kernelEvents: [] });
  });

  it('adds up outputs, and reports which volume a file system is on', () => {
    const host = makeHost({ pools: [makePool({ volumes: [makeVolume('253:4')] })] });
    const line = '3,1,5,-;XFS (dm-4): Log I/O Error Detected. Shutting down filesystem\n';
    const first = read(`#monotonic 6\n${line}`, host);
    const second = read(`#monotonic 9\n${line.replace('3,1,5', '3,2,8')}`, host, first);
    expect(second.kernelEvents).toEqual([
      { kind: 'xfs_shutdown', kernelName: 'dm-4', pool: '253:2', count: 2, lastAt: takenAt },
    ]);
  });

  it('refuses junk, with the line', () => {
    expect(() => read('junk\n')).toThrow('got "junk"');
  });

  it.each(captures)('reads %s', (path) => {
    const text = readFileSync(new URL(path, hosts), 'utf8');
    const { kernelEvents = [] } = read(text);
    const aboutPools = text.split('\n').filter((line) => line.includes('device-mapper: thin: '));
    const counted = kernelEvents.reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBeGreaterThanOrEqual(aboutPools.length);
    for (const { lastAt } of kernelEvents) expect(lastAt).toBeLessThanOrEqual(takenAt);
  });
});
