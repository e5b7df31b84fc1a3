import type { DeviceNumber, MessageScope } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { blockMessages } from './block-messages.ts';
import { fileSystemMessages } from './file-system-messages.ts';
import type { MessageRule } from './message-rule.ts';
import { thinPoolMessages } from './thin-pool-messages.ts';

/** The kind of a kernel message, and its device if the message names one. */
export interface KernelMessage {
  readonly kind: string;
  readonly device?: DeviceNumber;
  readonly kernelName?: string;
  readonly among?: MessageScope;
}

/** The first matching rule gives the kind. */
const rules: readonly MessageRule[] = [...thinPoolMessages, ...fileSystemMessages, ...blockMessages];

/** A task blocked for a long time in thin pools, file systems or block I/O. */
export const hungTask = 'hung_task';
/** Any task blocked for a long time; the report shows whether it is also a `hung_task`. */
export const hungTaskAny = 'hung_task_any';
export const recordsLost = 'records_lost';
/** A message that mentions storage is never dropped, because the wording of the kernel changes. */
export const otherStorage = 'other_storage';

/** All kinds of events. */
export const kernelMessageKinds: readonly { readonly kind: string; readonly help: string }[] = [
  ...new Map(rules.map(({ kind, help }) => [kind, { kind, help }])).values(),
  { kind: hungTask, help: 'A task was blocked for a long time in a thin pool, a file system or block I/O.' },
  { kind: hungTaskAny, help: 'A task was blocked for long, anywhere.' },
  { kind: recordsLost, help: 'The kernel overwrote a log record before it was read.' },
  {
    kind: otherStorage,
    help: 'Another message of device-mapper, a file system or block I/O; no finding depends on it.',
  },
];

const storageWord =
  /device-mapper|\bdm-\d+\b|\bXFS\b|\b(?:EXT[234]|F2FS|FAT)-fs\b|\bBTRFS\b|\bJBD2?\b|\bI\/O error\b|\bmd\/raid|error, dev /;
const someDevice = /\bdm-\d{1,10}\b|(?<=error, dev )[^\s,]+/;

/** Undefined for messages that do not concern storage. */
export function parseKernelMessage(message: string): KernelMessage | undefined {
  for (const { kind, pattern, among } of rules) {
    const match = pattern.exec(message);
    if (match !== null) return { kind, ...readDevice(match.groups ?? {}, among) };
  }
  if (!storageWord.test(message)) return undefined;
  const kernelName = someDevice.exec(message)?.[0];
  return kernelName === undefined ? { kind: otherStorage } : { kind: otherStorage, kernelName };
}

function readDevice(
  groups: Readonly<Record<string, string | undefined>>,
  among: MessageScope | undefined,
): Omit<KernelMessage, 'kind'> {
  const { major, minor, name, plainName, md } = groups;
  if (major !== undefined && minor !== undefined)
    return omitUndefined({ device: `${Number(major)}:${Number(minor)}` as const, among });
  return omitUndefined({ kernelName: (name ?? plainName ?? md)?.replace(/^\/dev\//, ''), among });
}
