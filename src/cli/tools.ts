import type { Access } from '../collectors/collector.ts';
import { asNamed } from '../collectors/dmsetup/command.ts';
import type { Read } from '../io/read.ts';

/** A program that collectors run, or the kernel, and how to read its version. */
export interface Tool {
  readonly name: string;
  readonly access: Access;
  readonly version: RegExp;
  /** The package that provides it, for people. */
  readonly comesWith: string;
  /** No pool can be read without it. */
  readonly isNeeded: boolean;
}

const kernelRelease = '/proc/sys/kernel/osrelease';

export const tools: readonly Tool[] = [
  {
    name: 'kernel',
    access: { paths: [{ how: 'text', path: kernelRelease }] },
    version: /osrelease":\s*"(?<version>[^"\\]+)/,
    comesWith: 'a Linux kernel with /proc mounted',
    isNeeded: false,
  },
  {
    name: 'dmsetup',
    access: { command: ['dmsetup', ...asNamed, 'version'] },
    version: /Library version:\s*(?<version>\S+)/,
    comesWith: 'package dmsetup (Debian, Ubuntu) or device-mapper (Fedora, RHEL, SUSE, Arch, Alpine)',
    isNeeded: true,
  },
  {
    name: 'lvm',
    access: { command: ['lvs', '--version'] },
    version: /LVM version:\s*(?<version>\S+)/,
    comesWith: 'package lvm2, for LVM pools',
    isNeeded: false,
  },
  {
    name: 'docker',
    access: { command: ['docker', '--version'] },
    version: /version (?<version>[^,\s]+)/,
    comesWith: "the Docker CLI, for Docker pools; without it the daemon's socket is used",
    isNeeded: false,
  },
];

export interface ToolState {
  readonly tool: Tool;
  /** Absent if it reported none. */
  readonly version?: string;
  readonly failure?: { readonly reason: string; readonly detail: string };
}

const timeoutMs = 3000;

/** Reads the versions of all tools. None of these queries touches a device. */
export function askTools(read: Read): Promise<ToolState[]> {
  return Promise.all(tools.map((tool) => askTool(read, tool)));
}

async function askTool(read: Read, tool: Tool): Promise<ToolState> {
  const result = await read(tool.access, { source: 'tools', key: tool.name }, { timeoutMs }).result;
  if (!result.ok) return { tool, failure: { reason: result.reason, detail: result.detail } };
  // Without a kernel driver dmsetup exits with an error, but still prints its own version.
  const version = tool.version.exec(result.reading.stdout)?.groups?.['version'];
  return version === undefined ? { tool } : { tool, version };
}
