import { describe, expect, it } from 'vitest';
import { changing } from './shell.ts';

describe('what a piece of shell changes', () => {
  it.each([
    'timeout 10 dmsetup status --noflush $POOL',
    "timeout 10 lvs -o lv_name -S 'a=b' $VG | grep -E 'x|y; rm z' | tail -3",
    'POOL=docker-thinpool        # lvremove is only a word here',
    'dmesg > /root/dmesg.txt',
    'for task in /proc/*; do grep -q D $task/status && cat $task/stack; done 2>/dev/null',
  ])('nothing: %s', (script) => {
    expect(changing(script)).toEqual([]);
  });

  it.each([
    ['lvextend -L +1G vg/pool', 'lvextend -L +1G vg/pool'],
    ['dmsetup status vg-pool', 'dmsetup status vg-pool'],
    ['dmsetup message pool 0 release_metadata_snap', 'dmsetup message pool 0 release_metadata_snap'],
    ['lvs -o lv_name | xargs -r lvchange -an', 'xargs -r lvchange -an'],
    ['dmesg && lvremove vg/x', 'lvremove vg/x'],
    ['timeout 10 docker rm web', 'docker rm web'],
    ['echo 0 > /sys/fs/xfs/dm-1/max_retries', 'echo 0 > /sys/fs/xfs/dm-1/max_retries'],
    ['LOOP=$(losetup --find --show $FILE)', 'LOOP=$(losetup --find --show $FILE)'],
    ['# only words', undefined],
  ])('%s', (script, command) => {
    expect(changing(script)).toEqual(command === undefined ? [] : [command]);
  });
});
