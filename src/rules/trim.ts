import type { VolumeUse } from '../model/pool.ts';
import { quote } from './commands.ts';

/**
 * Gives the pool back the blocks of files that were deleted, as a clause; undefined for a volume without a file system of its
 * own. One that is mounted on the host is trimmed there.
 */
export function describeTrim(use: VolumeUse | undefined, mountPoint?: string): string | undefined {
  if (mountPoint !== undefined) return `\`fstrim ${quote(mountPoint)}\``;
  if (use === undefined) return '`fstrim MOUNTPOINT` of its file system';
  const { id, owner, role } = use;
  if (role !== 'disk' && role !== 'private' && role !== 'root') return undefined;
  switch (owner) {
    case 'proxmox':
      return `\`qm agent ${id} fstrim\`, which needs \`discard=on\` for the disk and the guest agent, or \`pct fstrim ${id}\` for a container`;
    case 'incus':
    case 'lxd':
    case 'incus-or-lxd':
      return use.consumer === 'virtual machine'
        ? `\`fstrim -av\` in the virtual machine ${id}`
        : '`fstrim MOUNTPOINT` of its file system';
    case 'qubes':
      return `\`qvm-run -u root ${quote(id)} 'fstrim -av'\``;
    case 'libvirt':
      return `\`virsh domfstrim ${quote(id)}\`, which needs \`discard='unmap'\` for the disk and the guest agent`;
    case 'docker':
    case 'containers-storage':
    case 'containerd':
      return undefined;
    default:
      return '`fstrim MOUNTPOINT` of its file system, where it is mounted';
  }
}
