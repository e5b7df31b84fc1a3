import type { DeviceNumber, HungTaskReport, MessageScope, StorageFrame } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';

const report = /^INFO: task (?<task>.*):\d+ blocked (?:in I\/O wait )?for more than \d+ seconds/;

/** What khungtaskd says before it prints the stack (kernel hung_task.c, check_hung_task). Undefined for other messages. */
export function startHungTask(message: string, startedAt: number): HungTaskReport | undefined {
  const task = report.exec(message)?.groups?.['task'];
  if (task === undefined) return undefined;
  const isPoolWorker = poolWorker.test(task.replace(/^kworker\/[^-+]*[-+]/, ''));
  return { startedAt, ...findDevice(task), isPoolWorker, hasSureFrames: false };
}

const workqueue = /^Workqueue: (?<name>.*)$/;
/** What is in the report before the stack. */
const taskLine = /^(?:task:| *Tainted: |"echo 0 > |Call Trace:|Showing )/;

/** Takes a line after the first into the report. Undefined for messages of others, which may be between its lines. */
export function continueHungTask(before: HungTaskReport, message: string): HungTaskReport | undefined {
  const queue = workqueue.exec(message)?.groups?.['name'];
  if (queue !== undefined) {
    const isPoolWorker = before.isPoolWorker || poolWorker.test(queue);
    const isNamed = before.device !== undefined || before.kernelName !== undefined;
    return { ...before, ...(isNamed ? {} : findDevice(queue)), isPoolWorker };
  }
  const found = parseFrame(message);
  if (found === undefined) return taskLine.test(message) ? before : undefined;
  const { isSure, belongsTo } = found;
  const hasSureFrames = before.hasSureFrames || isSure;
  const frame = isSure ? moreTelling(before.frame, belongsTo) : before.frame;
  const unsureFrame = isSure ? before.unsureFrame : moreTelling(before.unsureFrame, belongsTo);
  return { ...before, hasSureFrames, ...omitUndefined({ frame, unsureFrame }) };
}

/** What a hung task waits for. */
export interface HungTaskPlace {
  readonly device?: DeviceNumber;
  readonly kernelName?: string;
  readonly among?: MessageScope;
}

/** By what is known so far. Undefined while nothing shows that it hangs in storage. */
export function placeOfHungTask(task: HungTaskReport): HungTaskPlace | undefined {
  const { device, kernelName, isPoolWorker, hasSureFrames } = task;
  if (device !== undefined || kernelName !== undefined) return omitUndefined({ device, kernelName });
  const frame = hasSureFrames ? task.frame : task.unsureFrame;
  if (isPoolWorker || frame === 'pool') return { among: 'pools' };
  return frame === undefined ? undefined : {};
}

/** Threads and workqueues of thin pools (kernel dm-thin.c, dm-kcopyd.c). */
const poolWorker = /^(?:dm-thin|kcopyd)\b/;

const named = [
  // A journal, `jbd2/dm-2-8`, and cut off after 15 characters, `jbd2/nvme0n1p2-`.
  /^jbd2?\/(?<name>dm-\d+|[a-z]\w*?)(?:-\d*)?$/,
  // `xfsaild/dm-4`, `Workqueue: xfs-conv/dm-4 xfs_end_io`.
  /(?:^|[-+])xfs(?:aild|-[a-z-]+|_[a-z]+)\/(?<name>dm-\d+|[a-z]\w*)/,
  /^(?<name>loop\d+|md\d+(?=_))/,
  // `flush-253:4`, also as `Workqueue: writeback wb_workfn (flush-253:4)`; `kdmflush/253:4`, `f2fs_gc-253:5`.
  /\b(?:flush|kdmflush|dmcrypt_write|kcryptd(?:_io)?|f2fs_\w+)[-/](?<major>\d{1,10}):(?<minor>\d{1,10})\b/,
];

function findDevice(text: string): Pick<HungTaskReport, 'device' | 'kernelName'> {
  for (const pattern of named) {
    const { name, major, minor } = pattern.exec(text)?.groups ?? {};
    if (name !== undefined) return { kernelName: name };
    if (major !== undefined) return { device: `${Number(major)}:${Number(minor)}` };
  }
  return {};
}

// `[<ffffffff8168b879>] schedule+0x29/0x70`, or without the address; a module may be followed by its build id, and on
// POWER a doubtful frame by `(unreliable)`.
const frame =
  /^ *(?:\(?\[<?[^\]]*>?\] *)*(?<doubt>\? )?(?<function>[\w.]+)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[(?<module>\w+)(?: [0-9a-f]+)?\])?(?<unreliable> \(unreliable\))?\)?$/;
const poolModule = /^dm_(?:thin_pool|persistent_data|bio_prison)$/;
const storageModule =
  /^(?:dm_\w+|xfs|ext4|jbd2|btrfs|f2fs|loop|md_mod|raid\d+|kvdo|nvme\w*|scsi_mod|sd_mod)$/;
// kill_block_super: umount of a file system on a block device. On a pool that queues it waits for data to be written
// back, above any function of the file system's own (seen: 6.1, XFS).
const storageFunction =
  /^_*(?:xfs|xlog|ext4|jbd2|btrfs|f2fs|dm|thin|blk|blkdev|bio|submit_bio|bh|sync_dirty_buffer|wait_on_buffer|bread|iomap|freeze_super|thaw_super|kill_block_super)(?:_|\.|$)/;

interface Frame {
  /** Without a `?`, which marks what earlier calls left on the stack (kernel arch/x86/kernel/dumpstack.c, show_trace_log_lvl). */
  readonly isSure: boolean;
  readonly belongsTo: StorageFrame | undefined;
}

/** Undefined where the line is no frame of a stack. */
function parseFrame(message: string): Frame | undefined {
  const groups = frame.exec(message)?.groups;
  if (groups === undefined) return undefined;
  const module = groups['module'] ?? '';
  const isStorage = storageModule.test(module) || storageFunction.test(groups['function'] ?? '');
  return {
    isSure: groups['doubt'] === undefined && groups['unreliable'] === undefined,
    belongsTo: poolModule.test(module) ? 'pool' : isStorage ? 'storage' : undefined,
  };
}

function moreTelling(
  one: StorageFrame | undefined,
  other: StorageFrame | undefined,
): StorageFrame | undefined {
  return one === 'pool' ? one : (other ?? one);
}

const otherStack =
  /^(?: *<\/TASK>|-+\[ cut here|NMI backtrace|Sending NMI|BUG: |WARNING: |rcu: INFO|Showing all locks|Kernel panic)/;

/** The stack of the hung task ends at this line. */
export function endsStack(message: string): boolean {
  return otherStack.test(message);
}
