import type { MessageScope } from '../../model/facts.ts';

/** Messages of one kind. Named groups of the pattern: `major` and `minor`, or the `name` of a device. */
export interface MessageRule {
  readonly kind: string;
  /** What such a message means, for the docs. */
  readonly help: string;
  readonly pattern: RegExp;
  /** What such a message is about, whether it names a device or not. */
  readonly among?: MessageScope;
}

export function rule(kind: string, pattern: RegExp, help: string, among?: MessageScope): MessageRule {
  return among === undefined ? { kind, help, pattern } : { kind, help, pattern, among };
}

/** `253:2: `, which kernels before 3.14 leave out of most messages about a pool. */
export const deviceNumber = String.raw`(?:(?<major>\d{1,10}):(?<minor>\d{1,10}): )?`;
