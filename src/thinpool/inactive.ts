import type { Pool } from '../model/pool.ts';

/** A pool that is not active on purpose: other hosts may have it active, or it is not meant to be active. */
export function isMeantInactive({ lvm, volumeGroup }: Partial<Pick<Pool, 'lvm' | 'volumeGroup'>>): boolean {
  return (
    volumeGroup?.shared === true ||
    volumeGroup?.exported === true ||
    lvm?.skipsActivation === true ||
    lvm?.autoactivated === false ||
    volumeGroup?.autoactivated === false
  );
}
