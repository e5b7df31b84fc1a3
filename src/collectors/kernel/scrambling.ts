import {
  type Scrambler,
  type Scrambling,
  scrambleJson,
  scrambleLines,
  wordsIn,
} from '../shared/scrambling.ts';

const header =
  /^(?:#(?:monotonic|since|lost) \d+$|\d+,\d+,\d+,[-cfs+](?:,caller=[TC]\d+)?;|(?:<\d+>)?\[ *\d+\.\d{6}\](?:\[ *[TC]\d+\])?)/;

export function scrambleKernelLog(text: string, { text: message }: Scrambler): string {
  return scrambleLines(text, (line) => {
    const start = header.exec(line)?.[0] ?? '';
    return `${start}${message(line.slice(start.length))}`;
  });
}

const number = /^(?:-?\d{1,20}|\d{1,10}:\d{1,10})?\n?$/;
const named = /\/(?:slaves|dm\/name|loop\/backing_file|xfs)$|\/block\/[^/]+$/;

/** JSON from path to content: numbers, links, lists of devices and names. */
export function scramblePaths(text: string, { name, text: message }: Scrambler): string {
  const scramblePath = (value: string, key = ''): string => {
    if (key.endsWith('/diskstats')) return scrambleLines(value, (line) => scrambleCounters(line, name));
    return !named.test(key) && number.test(value) ? value : name(value);
  };
  return scrambleJson(text, scramblePath, name, message);
}

const countersOfDevice = /^(?<before>[ \d]{1,40} )(?<kernelName>\S+)(?<counters>[ \d]{1,600})$/;

function scrambleCounters(line: string, name: Scrambler['name']): string {
  const { before, kernelName, counters } = countersOfDevice.exec(line)?.groups ?? {};
  return kernelName === undefined ? name(line) : `${before}${name(kernelName)}${counters}`;
}

/** `stat`: numbers, and the type of a file system. */
export function scrambleStatfs(text: string, { text: message }: Scrambler): string {
  return scrambleLines(text, (line) => {
    const { numbers, type } = /^(?<numbers>\d+ \d+ \d+)(?<type>(?: [\w/]+)?)$/.exec(line)?.groups ?? {};
    return numbers === undefined ? message(line) : `${numbers}${message(type ?? '')}`;
  });
}

const dfRow = /^(?<source>\S.*?)(?<numbers> +\d+ +\d+ +-?\d+ +(?:\d+%|-) +)(?<mountPoint>\/.*)$/;

/** Lines of mountinfo, and what df prints: names, numbers, a name. */
export function scrambleMounts(text: string, { name, text: message }: Scrambler): string {
  return scrambleLines(text, (line) => {
    if (/^\d+ \d+ \d+:\d+ /.test(line)) return name(line);
    const { source, numbers, mountPoint } = dfRow.exec(line)?.groups ?? {};
    return source === undefined || numbers === undefined || mountPoint === undefined
      ? message(line)
      : `${name(source)}${numbers}${name(mountPoint)}`;
  });
}

export const vocabulary: Scrambling['vocabulary'] = {
  names: wordsIn(`
    sys proc dev devices virtual block class fs xfs dm name loop backing file size slaves partition module thin pool
    parameters no space timeout kernel hung task detect count error metadata enospc max retries fail at unmount osrelease
    mapper var lib run disk by id uuid path deleted log settings stack allocated diskstats
    mounts used ext2 ext3 ext4 rw ro relatime shared
  `),
  text: wordsIn(`
    available while key keys status critical closing out error leaf csum inconsistent
    seconds secs sec second minutes hours ms us ns kb mb gb tb kib mib gib than
    abort aborted aborting about ac activated activation add added aead after again agf agi ail aild all alloc allocate
    allocated allocation an and any are array as at attempt async asynchronous b back bad balance bcachefs bdev be because
    been before being below between bh bio bitmap bitset blk blkdev block blocked blocks bread btree btrfs buf buffer bug
    by byte bytes cache call called cannot changed check checkpoint checksum clean cmd code com commit complete completed
    completion conflict controller copy correctable corrected corrupt corrupted corruption could couldn couldn't crc create
    creating creation critical crypt csum current cut damaged data dead default degraded delalloc delayed deleted deletion
    device devices dir dirty disables disabling discard discards disk dm dmcrypt dev destroy detected down drive driver due
    echo emergency end ended error errors errno errs exceeded enough entering ext ext2 ext3 ext4 extend extension extent
    extents f2fs fail failed failing fails failure fat fc fds filesystem file finish first flag flush flushing fn for force
    forced forcing found free freeze from fs full function further gen generic get going grow growing h handle happen
    hardware has have header here hung i id if in info initiated inode inodes integrity interface internal into invalid io
    iomap ioend is it its jbd jbd2 journal kblockd kcopyd kcryptd kdmflush kernel kill kthread kvdo kworker khugepaged last
    lba leaf level limit line linear list locate location lock log logical long loop lost low make manager map mapper mark
    master max md mdx medium memory message messages meta metadata min mirror mismatch mod mode module more mount mounted
    mounting multipath must n name needed needs new next nexus nmi no node none not note ntfs3 num nvme o of off offline
    offset on only op open operation operational or out page panic parent passdown past path pci permission persistent
    phys please pool pools previous print prio prison proc process process protection preventing queue queueing queuing
    quota raid raid0 raid1 raid10 raid4 raid456 raid5 raid6 rcu read readonly ready reached read recover recoverable
    recovery recursive refused rejected rejecting remaining remount remounted remounting removing repair repaired replaced
    req request requeue required res reservation reset resetting resize resource result retry retrying returned rescheduling
    root run s same sb scsi sct sd sector sectors secure security sending sense service set shared should shut shutdown
    shutting since size small smaller snap snapshot some space spine stack state status still stop stopped storage submit
    super superblock support supported supports suspend switch switching sync sys t table tag tainted target task task
    temporary the then there thin this thread time timed timeout timer to too total trace transaction transid transport
    tree try trying u unable unaligned unexpected unit unknown unmap unmount unrecognised unrecoverable unrecovered unlink
    until up update use used using v validation validate validator value vdo verify vfs virtual volume wait waiting want
    wanted warning was water wb will with without workqueue work would write writeback writecache writes writing wrong wr rd
    xfs xfsaild xfs_log zeroes zeroing zone data device io user unreliable uninterruptible
    recovering ending mounting clearing reserve reserved rectify problem problems umount lookup btree_lookup found
    cpu pid comm ppid flags tsk hardirq x86 system_call syscall entry fastpath do sleep schedule preempt sysvec asm
    io_schedule bit mutex rwsem down_read wq worker worker_thread ret fork submit_bio submit_bio_wait make_request queue_bio
    blk_mq folio pages cow delwri reclaim trans xlog xfs_buf item push cil ag inactive inode_item reflink dquot writepages
    writepage address mapping fsync fdatasync ioctl ctl vfs_write ksys pwrite64 pread64 openat mkdirat unlinkat kernel_thread
    thaw fault exc handle_mm evict iput kmem perag pag cache_alloc getblk jbd2_journal log_wait commit_transaction sect
    thin-pool bad_page dropped already reading creating not-supported read_only off-line
    wait_on wait_for schedule_timeout common bit_wait out_of_line action on_page cancelled descriptor loading fs-error aborts
    deferred mismatched aligned discard_granularity granularity messaging low-water sending event events
    unwritten convert converted sad times allocated lose apst fixed initialised loaded requires cap syslog
    thinly provisioned metadata mounting consistent enabled mask lvm dm-thin pe lazy
    directory there any such no more right reach statfs tells
    ftype tmpfs overlayfs nfs ramfs zfs reiserfs overlay exfat ocfs2 boot feature position
  `).flatMap((word) => word.split(/[_-]/)),
};
