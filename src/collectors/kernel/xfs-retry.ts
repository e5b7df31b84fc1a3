import type { RetryPolicy } from '../../model/facts.ts';
import { ParseError } from '../shared/errors.ts';
import { readWhole } from '../shared/number.ts';

const enospcRetries = 'metadata/ENOSPC/max_retries';
const failAtUnmount = 'fail_at_unmount';
const policyPath = /^\/sys\/fs\/xfs\/(?<device>[^/]+)\/error\/(?<attribute>.+)$/;

/** One directory per mounted XFS, named after its device. */
export const xfsFolder = '/sys/fs/xfs';

/** The retry policy of XFS for failed metadata writes, since Linux 4.7 (Documentation/admin-guide/xfs.rst). */
export function retryPathsOf(kernelName: string): string[] {
  return [enospcRetries, failAtUnmount].map((attribute) => `${xfsFolder}/${kernelName}/error/${attribute}`);
}

/** A policy per XFS on a device-mapper device; without attributes until those have been read. */
export function parseRetryPolicies(contents: ReadonlyMap<string, string>): RetryPolicy[] {
  const names = (contents.get(xfsFolder) ?? '').split('\n').filter((name) => /^dm-\d+$/.test(name));
  const policies = new Map<string, RetryPolicy>(names.map((kernelName) => [kernelName, { kernelName }]));
  for (const [path, text] of contents) {
    const { device, attribute } = policyPath.exec(path)?.groups ?? {};
    if (device === undefined || attribute === undefined) continue;
    const policy = policies.get(device) ?? { kernelName: device };
    policies.set(device, { ...policy, ...parseAttribute(attribute, text) });
  }
  return [...policies.values()];
}

function parseAttribute(attribute: string, text: string): Omit<RetryPolicy, 'kernelName'> {
  if (attribute === enospcRetries) return { enospcMaxRetries: parseRetries(text) };
  if (attribute === failAtUnmount) return { failAtUnmount: parseFlag(text) };
  return {};
}

/** -1: indefinitely (kernel fs/xfs/xfs_sysfs.c, max_retries_show). */
function parseRetries(text: string): number {
  const retries = text === '-1' ? -1 : readWhole(text);
  if (retries === undefined) throw new ParseError('a number of retries, or -1', text);
  return retries;
}

function parseFlag(text: string): boolean {
  if (text !== '0' && text !== '1') throw new ParseError('0 or 1', text);
  return text === '1';
}
