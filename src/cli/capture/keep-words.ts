/**
 * Words that tools, kernel and this program print themselves. A name that consists of them reveals nothing about a host, and
 * replacing it would break the format of the text.
 */
const words = new Set(
  `
  pool tpool tdata tmeta cdata cmeta corig real cow pmspare mlog rimage rmeta thin thinpool thins snap snapshot
  lvm vg lv pv vgs lvs docker container containerd containers storage devicemapper devmapper stratis
  data metadata meta info table log lvs vgs default settings stack retries name uuid size free used total
  dev mapper disk by id path block sys fs proc run var lib class module slaves loop backing file deleted dm
  rw ro out of space queue error if no linear striped multipath crypt mirror raid cache writecache
  discard passdown nopassdown ignore read only skip zeroing needs check fail active inactive unknown monitored
  not yes true false null xfs ext2 ext3 ext4 btrfs overlay overlay2 aufs vfs zfs json text report root
  kernel version server driver status device devices available available library base blocksize minimum
  deferred removal deletion deleted udev sync supported enabled semaphore filesystem localhost localdomain
  `
    .trim()
    .split(/\s+/),
);

/** Names that the kernel or LVM numbers: `sda1`, `nvme0n1p2`, `loop0`, `lvol0`. */
const counted =
  /^(?:\d+|(?:sd|vd|xvd|hd|ubd)[a-z]{1,3}\d*|nvme\d+n\d+(?:p\d+)?|mmcblk\d+(?:p\d+)?|(?:loop|dm|md|lvol|zram|nbd|drbd)\d+)$/;

export function isKeptWord(word: string): boolean {
  return words.has(word.toLowerCase()) || counted.test(word);
}
