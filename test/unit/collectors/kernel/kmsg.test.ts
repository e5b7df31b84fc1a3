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

  it('keeps in a capture what it would count, in both forms of the log, and nothing else', () => {
    const kept = [
      '#monotonic 5',
      '3,1,5,-;md/raid1:mdX: Disk failure on dm-5, disabling device.',
      '3,1,5,-;BTRFS info (device dm-4 state EA): forced readonly',
      '3,1,5,-;nvme nvme0: I/O 576 QID 3 timeout, aborting',
      '3,1,5,-;INFO: task kworker/0:1:9 blocked for more than 120 seconds.',
      '3,1,5,-;Workqueue: dm-thin do_worker [dm_thin_pool]',
      '[    5.000001] Aborting journal on device dm-3-8.',
      '<3>[    5.000001][  T1] loop: Write error at byte offset 1, length 4096.',
    ];
    const dropped = ['6,1,5,-;usb 1-1: Product: Somebodys Phone', '[    5.000001] eth0: link up'];
    const asTheyAre = { name: String, text: String, values: String };
    const scrambled = kmsg.scrambling?.scramble([...kept, ...dropped, ''].join('\n'), asTheyAre, {
      key: 'log',
    });
    expect(scrambled).toBe(`${kept.join('\n')}\n`);
  });
});
