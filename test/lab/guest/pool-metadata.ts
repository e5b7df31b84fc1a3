/** Shell text that puts another target below the metadata of vg/pool; `$place` is its place on the disk. */
export function replaceMetadata(target: string): string {
  return `[ -e /run/lab-place ] || dmsetup table vg-pool_tmeta | cut -d' ' -f4,5 >/run/lab-place
place=$(cat /run/lab-place)
dmsetup suspend --noflush --nolockfs vg-pool_tmeta
dmsetup reload vg-pool_tmeta --table "0 $(blockdev --getsz /dev/mapper/vg-pool_tmeta) ${target}"
dmsetup resume vg-pool_tmeta`;
}

/** As it was. */
export const restoreMetadata = replaceMetadata('linear $place');

/** Activates vg with the one thin_check option that lets a pool which needs a check be writable again. */
export const activateChecked = `vgchange -ay --config 'global{thin_check_options=["-q","--clear-needs-check-flag"]}' vg`;
