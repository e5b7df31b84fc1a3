import type { Output } from '../collector.ts';
import { Exited, ParseError, Unavailable } from '../shared/errors.ts';

/** Over libvirt's socket for those who may only read. */
export function virshCommand(domain: string): readonly [string, ...string[]] {
  return ['virsh', '-r', '-c', 'qemu:///system', 'domstate', '--reason', '--domain', domain];
}

/** Whether QEMU has paused the domain after an I/O error. Throws ParseError. */
export function parseDomainState({ stdout, stderr, exitCode }: Output): boolean {
  if (exitCode !== 0) {
    if (/failed to get domain|Failed to connect socket/i.test(stderr))
      throw new Unavailable('no such domain, or no libvirtd');
    throw new Exited(exitCode, stderr);
  }
  const state = stdout.trim();
  if (!/^[a-z ]{1,40}(?: \([A-Za-z /-]{1,60}\))?$/.test(state))
    throw new ParseError('a state and its reason', stdout);
  return state === 'paused (I/O error)';
}
