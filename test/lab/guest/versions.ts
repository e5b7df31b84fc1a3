import { runCommand } from './command.ts';
import type { Versions } from './result.ts';

export async function readVersions(): Promise<Versions> {
  const read = async (command: string, pattern: RegExp) =>
    pattern.exec((await runCommand(command.split(' '))).stdout)?.[1] ?? '';
  return {
    kernel: await read('uname -r', /(\S+)/),
    thinPool: await read('dmsetup targets', /thin-pool\s+v(\S+)/),
    lvm: await read('lvs --version', /LVM version:\s*(\S+)/),
    libdm: await read('dmsetup version', /Library version:\s*(\S+)/),
    thinTools: await read('thin_check --version', /(\d+(?:\.\d+)+)/),
    docker: await read('docker --version', /version ([^,]+)/),
  };
}
