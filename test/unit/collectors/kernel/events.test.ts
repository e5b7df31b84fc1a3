import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countKernelEvents, type OwnerOf } from '../../../../src/collectors/kernel/events.ts';
import { parseKernelLog } from '../../../../src/collectors/kernel/log.ts';
import type { KernelEvent } from '../../../../src/model/facts.ts';

const takenAt = 1_700_000_000_000;
const nobodys: OwnerOf = () => undefined;

function count(text: string, before: readonly KernelEvent[] = [], pools = nobodys): KernelEvent[] {
  return countKernelEvents(parseKernelLog(text), takenAt, before, pools);
}

function find(events: readonly KernelEvent[], kind: string): KernelEvent | undefined {
  return events.find((event) => event.kind === kind);
}

const report = 'INFO: task dockerd:8562 blocked for more than 120 seconds.';
const storageLine = ' [<ffffffffa02debb1>] xfs_ail_push_all_sync+0xc1/0x110 [xfs]';

describe('countKernelEvents', () => {
  it('counts by kind and device, and dates the latest by the clock of the log', () => {
    const text = [
      '#monotonic 100000000',
      '3,1,40000000,-;device-mapper: thin: 253:2: switching pool to read-only mode',
      '3,2,50000000,-;device-mapper: thin: 253:9: switching pool to read-only mode',
      '3,3,70000000,-;device-mapper: thin: 253:2: switching pool to read-only mode',
    ].join('\n');
    expect(count(text)).toEqual([
      { kind: 'mode_read_only', device: '253:2', among: 'pools', count: 2, lastAt: takenAt - 30_000 },
      { kind: 'mode_read_only', device: '253:9', among: 'pools', count: 1, lastAt: takenAt - 50_000 },
    ]);
  });

  it('adds to what was counted before', () => {
    const first = count('#monotonic 10\n3,1,5,-;XFS (dm-4): log I/O error -5\n');
    const second = count('#monotonic 20\n3,2,15,-;XFS (dm-4): log I/O error -5\n', first);
    expect(second).toEqual([{ kind: 'xfs_log_error', kernelName: 'dm-4', count: 2, lastAt: takenAt }]);
    expect(count('#monotonic 30\n', second)).toEqual(second);
  });

  it('never dates a record after the output that contains it', () => {
    const [event] = count('#monotonic 1000000\n3,1,9000000,-;Aborting journal on device dm-3-8.\n');
    expect(event?.lastAt).toBe(takenAt);
  });

  it('keeps a message with the pool whose volume it was about', () => {
    const message = '#monotonic 10\n3,1,5,-;XFS (dm-4): log I/O error -5\n';
    const early = count(message);
    expect(early[0]).not.toHaveProperty('pool');
    const settled = count('#monotonic 20\n', early, (name) => (name === 'dm-4' ? '253:2' : undefined));
    expect(settled).toEqual([{ ...early[0], pool: '253:2' }]);
    expect(count('#monotonic 30\n', settled, nobodys)).toEqual(settled);
    const reused = count(message, settled, (name) => (name === 'dm-4' ? '253:9' : undefined));
    expect(reused.map(({ pool, count }) => [pool, count])).toEqual([
      ['253:2', 1],
      ['253:9', 1],
    ]);
  });

  it('counts records that were lost', () => {
    expect(count('#monotonic 10\n#lost 3\n')).toEqual([{ kind: 'records_lost', count: 3, lastAt: takenAt }]);
  });

  it('counts a hung task once, when its stack is in storage', () => {
    const text = readFileSync(new URL('../../../hosts/dmesg-xfs-hang/kmsg/log.txt', import.meta.url), 'utf8');
    const lastAt = takenAt - 54_437;
    expect(count(text)).toEqual([
      { kind: 'xfs_log_error', kernelName: 'dm-4', count: 3, lastAt: takenAt },
      { kind: 'hung_task_any', count: 1, lastAt },
      { kind: 'hung_task', count: 1, lastAt },
    ]);
  });

  it('does not count a task that hangs elsewhere, though another stack in storage follows', () => {
    const lines = [report, ' nfs_wait_on_request+0x2b/0x30 [nfs]', ' </TASK>', storageLine];
    const events = count(lines.map((line, at) => `3,${at},${at},-;${line}`).join('\n'));
    expect(find(events, 'hung_task')).toBeUndefined();
    expect(find(events, 'hung_task_any')).toEqual({ kind: 'hung_task_any', count: 1, lastAt: takenAt });
  });

  it('does not take a stack for that of a report long before', () => {
    expect(find(count(`3,1,0,-;${report}\n3,2,6000000,-;${storageLine}\n`), 'hung_task')).toBeUndefined();
  });

  it('reads past messages of others within a stack', () => {
    const events = count(`3,1,0,-;${report}\n6,2,1,-;eth0: link up\n3,3,2,-;${storageLine}\n`);
    expect(find(events, 'hung_task')?.count).toBe(1);
  });

  it('continues a stack that is cut between two outputs, up to a limit', () => {
    const cut = count(`#monotonic 1000\n3,1,500,-;${report}\n3,2,501,-; schedule+0x29/0x70\n`);
    expect(find(cut, 'hung_task_any')?.report).toBeDefined();
    const rest = `#monotonic 2000\n3,3,502,-;${storageLine}\n`;
    const joined = count(rest, cut);
    expect(find(joined, 'hung_task')?.count).toBe(1);
    expect(find(count(rest, joined), 'hung_task')?.count).toBe(1);
    expect(find(count('#monotonic 2000\n3,4,503,-; </TASK>\n', joined), 'hung_task_any')).not.toHaveProperty(
      'report',
    );
    const late = countKernelEvents(parseKernelLog(rest), takenAt + 60_000, cut, nobodys);
    expect(find(late, 'hung_task')).toBeUndefined();
  });

  it('keeps the latest events when there are very many', () => {
    const lines = Array.from(
      { length: 1001 },
      (_, at) => `3,${at},${at * 1000},-;I/O error, dev sd${at}, sector 1`,
    );
    const events = count(lines.join('\n'));
    expect(events).toHaveLength(1000);
    expect(events.some(({ kernelName }) => kernelName === 'sd0')).toBe(false);
  });

  it('gives up what is not judged first', () => {
    const lines = Array.from({ length: 1001 }, (_, at) =>
      at < 2
        ? `3,${at},${at},-;I/O error, dev sd${at}, sector 1`
        : `3,${at},${at * 1000},-;XFS (dm-${at}): Ending clean mount`,
    );
    expect(count(lines.join('\n')).filter(({ kind }) => kind === 'block_error')).toHaveLength(2);
  });

  it('does not give a message to a device that was made later', () => {
    const message = '#monotonic 100000000\n3,1,40000000,-;XFS (dm-4): log I/O error -5\n';
    const ownerOf: OwnerOf = (_, at) => (at < takenAt - 30_000 ? undefined : '253:2');
    const early = count(message, [], ownerOf);
    expect(early[0]).not.toHaveProperty('pool');
    expect(count('#monotonic 200000000\n', early, ownerOf)[0]).not.toHaveProperty('pool');
    const own = count('#monotonic 200000000\n3,2,199000000,-;XFS (dm-4): log I/O error -5\n', early, ownerOf);
    expect(own.map(({ pool, count }) => [pool, count])).toEqual([
      [undefined, 1],
      ['253:2', 1],
    ]);
  });
});

/** 150 days of uptime, with a clock of the records that is 389 s late. */
describe('the age of a record after months of uptime', () => {
  const nowUs = 150 * 24 * 3600 * 1e6;
  const record = `3,1,${nowUs - 389e6 - 2e6},-;XFS (dm-4): log I/O error -5\n`;

  it('is at most the time since the reading before', () => {
    const [event] = count(`#monotonic ${nowUs}\n#since ${nowUs - 5e6}\n${record}`);
    expect(event).toEqual({ kind: 'xfs_log_error', kernelName: 'dm-4', count: 1, lastAt: takenAt - 5000 });
  });

  it('is uncertain by the drift in the first reading, which says so', () => {
    const [event] = count(`#monotonic ${nowUs}\n${record}`);
    expect(event).toMatchObject({ lastAt: takenAt - 391_000, driftMs: 648_000 });
  });

  it('is certain once it comes again', () => {
    const first = count(`#monotonic ${nowUs}\n${record}`);
    const [event] = count(`#monotonic ${nowUs + 5e6}\n#since ${nowUs}\n${record}`, first);
    expect(event).toEqual({ kind: 'xfs_log_error', kernelName: 'dm-4', count: 2, lastAt: takenAt - 5000 });
  });
});

describe('where a hung task is counted', () => {
  const task = (name: string, ...lines: readonly string[]) =>
    count(
      [`INFO: task ${name}:434 blocked for more than 120 seconds.`, ...lines]
        .map((line, at) => `3,${at},${at},-;${line}`)
        .join('\n'),
    ).filter(({ kind }) => kind === 'hung_task');
  const thin = ' do_worker+0x1a/0x90 [dm_thin_pool]';
  const somewhere = ' __wait_on_buffer+0x30/0x50';
  const sure = ' __schedule+0x401/0x15e0';

  it.each([
    ['jbd2/dm-2-8', [], { kernelName: 'dm-2' }],
    ['jbd2/sdc1-8', [sure, somewhere], { kernelName: 'sdc1' }],
    ['jbd2/nvme0n1p2-', [], { kernelName: 'nvme0n1p2' }],
    ['xfsaild/dm-4', [], { kernelName: 'dm-4' }],
    ['kworker/3:2H-xfs-log/dm-4', [], { kernelName: 'dm-4' }],
    ['kworker/0:1', ['Workqueue: xfs-conv/dm-4 xfs_end_io [xfs]'], { kernelName: 'dm-4' }],
    ['kworker/u8:1', ['Workqueue: writeback wb_workfn (flush-253:4)'], { device: '253:4' }],
    ['flush-253:4', [], { device: '253:4' }],
    ['kdmflush/253:1', [], { device: '253:1' }],
    ['loop0', [], { kernelName: 'loop0' }],
    ['md0_raid1', [], { kernelName: 'md0' }],
    ['kworker/u8:3', ['Workqueue: dm-thin do_worker [dm_thin_pool]'], { among: 'pools' }],
    ['kworker/0:1', ['Workqueue: kcopyd do_work [dm_mod]'], { among: 'pools' }],
    ['kworker/u8:1+dm-thin', [], { among: 'pools' }],
    ['dmsetup', [sure, somewhere, thin], { among: 'pools' }],
    ['dockerd', [sure, somewhere], {}],
    // Frames with a question mark count where there are no others.
    ['dmsetup', [' ? __schedule+0x28a/0x870', ' ? do_worker+0x1a/0x90 [dm_thin_pool]'], { among: 'pools' }],
    ['dmsetup', [' ? do_worker+0x1a/0x90 [dm_thin_pool]', sure, somewhere], {}],
    ['java', ['[c0000001] [c000000000f3a] xfs_log_force+0x2f8/0x440 (unreliable)'], {}],
  ] as const)('%s %j', (name, lines, place) => {
    expect(task(name, ...lines)).toEqual([{ kind: 'hung_task', ...place, count: 1, lastAt: takenAt }]);
  });

  it.each([
    ['java', [sure, ' nfs_wait_on_request+0x2b/0x30 [nfs]']],
    ['java', [' ? xfs_log_force+0x2f8/0x440 [xfs]', sure, ' futex_wait+0x1/0x2']],
  ] as const)('nowhere in storage: %s %j', (name, lines) => {
    expect(task(name, ...lines)).toEqual([]);
  });

  it('is made out over two readings', () => {
    const first = count(
      `#monotonic 9\n3,1,1,-;INFO: task dmsetup:4 blocked for more than 120 seconds.\n3,2,1,-;${somewhere}\n`,
    );
    const place = (events: readonly KernelEvent[]) => find(events, 'hung_task')?.among;
    expect([find(first, 'hung_task')?.count, place(first)]).toEqual([1, undefined]);
    const second = count(`#monotonic 19\n3,3,2,-;${thin}\n`, first);
    expect([find(second, 'hung_task')?.count, place(second)]).toEqual([1, 'pools']);
  });
});
