const report = /^INFO: task .* blocked (?:in I\/O wait )?for more than \d+ seconds/;

/** The message of khungtaskd before it prints the stack (kernel hung_task.c, check_hung_task). */
export function isHungTaskReport(message: string): boolean {
  return report.test(message);
}

// `[<ffffffff8168b879>] schedule+0x29/0x70`, or without the address; a module may be followed by its build id.
const frame =
  /^ *(?:\[<[0-9a-f]+>\] +)?(?<function>[\w.]+)\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[(?<module>\w+)(?: [0-9a-f]+)?\])?$/;
const storageModule = /^(?:dm_\w+|xfs|ext4|jbd2|loop|md_mod|raid\d+)$/;
// kill_block_super: umount of a file system on a block device. On a pool that queues writes it waits for
// writeback, above any function of the file system (seen: 6.1, XFS).
const storageFunction =
  /^_*(?:xfs|xlog|ext4|jbd2|dm|thin|blk|blkdev|bio|submit_bio|bh|sync_dirty_buffer|wait_on_buffer|bread|iomap|freeze_super|thaw_super|kill_block_super)(?:_|\.|$)/;

/**
 * Whether a line of a stack is a function of a thin pool, XFS, ext4 or block I/O. Lines with a `?` are ignored: they are
 * leftovers of earlier calls (kernel arch/x86/kernel/dumpstack.c, show_trace_log_lvl).
 */
export function isStorageFrame(message: string): boolean {
  const groups = frame.exec(message)?.groups;
  if (groups === undefined) return false;
  return storageModule.test(groups['module'] ?? '') || storageFunction.test(groups['function'] ?? '');
}

const otherStack = /^(?: *<\/TASK>|-+\[ cut here|NMI backtrace|Sending NMI|BUG: |WARNING: |rcu: INFO)/;

/** The stack of the hung task ends at this line. */
export function endsStack(message: string): boolean {
  return otherStack.test(message);
}
