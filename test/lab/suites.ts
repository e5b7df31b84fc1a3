/** The releases of Debian that the lab boots, each with its own kernel and LVM; the machine's own is `bookworm`. */
export const suiteNames = ['bullseye', 'bookworm', 'trixie', 'sid'] as const;
export type SuiteName = (typeof suiteNames)[number];

/** Whose files the guest has as its root when no other suite is named. */
export const machineSuite = 'bookworm' satisfies SuiteName;

/** Debian's name for the suite, for the READMEs of captured hosts. */
export const releases: Readonly<Record<SuiteName, string>> = {
  bullseye: 'Debian 11',
  bookworm: 'Debian 12',
  trixie: 'Debian 13',
  sid: 'Debian unstable',
};

export function isSuiteName(name: string): name is SuiteName {
  return (suiteNames as readonly string[]).includes(name);
}
