import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countKernelEvents } from '../../../../src/collectors/kernel/events.ts';
import { parseKernelLog } from '../../../../src/collectors/kernel/log.ts';
import type { DeviceNumber, KernelEvent } from '../../../../src/model/facts.ts';

const takenAt = 1_700_000_000_000;
const nobodys = new Map<string, DeviceNumber>();

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
      { kind: 'mode_read_only', device: '253:2', count: 2, lastAt: takenAt - 30_000 },
      { kind: 'mode_read_only', device: '253:9', count: 1, lastAt: takenAt - 50_000 },
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
    const settled = count('#monotonic 20\n', early, new Map([['dm-4', '253:2']]));
    expect(settled).toEqual([{ ...early[0], pool: '253:2' }]);
    expect(count('#monotonic 30\n', settled, nobodys)).toEqual(settled);
    const reused = count(message, settled, new Map([['dm-4', '253:9']]));
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
    expect(find(cut, 'hung_task_any')?.stackOpen).toBe(true);
    const rest = `#monotonic 2000\n3,3,502,-;${storageLine}\n`;
    const joined = count(rest, cut);
    expect(find(joined, 'hung_task')?.count).toBe(1);
    expect(find(joined, 'hung_task_any')).not.toHaveProperty('stackOpen');
    expect(find(count(rest, joined), 'hung_task')?.count).toBe(1);
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
});
