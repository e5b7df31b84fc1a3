import type { Output } from '../collector.ts';
import { Exited, ParseError, Unavailable } from '../shared/errors.ts';

/** The only command of Proxmox VE that says that QEMU has paused a guest: qm list has it as running. */
export function qmCommand(id: string): readonly [string, ...string[]] {
  return ['qm', 'status', id, '--verbose'];
}

/** Whether QEMU has paused the guest after an I/O error. Lines of nested values are indented. Throws ParseError. */
export function parseQmStatus({ stdout, stderr, exitCode }: Output): boolean {
  if (exitCode !== 0) {
    if (/does not exist/.test(stderr)) throw new Unavailable('no virtual machine of this node');
    throw new Exited(exitCode, stderr);
  }
  const status = /^qmpstatus: (?<status>[a-z-]{1,40})$/m.exec(stdout)?.groups?.['status'];
  if (status !== undefined) return status === 'io-error';
  if (/^status: stopped$/m.test(stdout)) return false;
  throw new ParseError('a line qmpstatus', stdout);
}
