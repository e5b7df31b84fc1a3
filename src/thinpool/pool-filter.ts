/** Which pools are watched, by name: `*` stands for any text, `?` for one character. */
export interface PoolFilter {
  /** Absent: all. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Whether a pool of this name is left out. */
export function excludes({ include, exclude = [] }: PoolFilter): (name: string) => boolean {
  const wanted = include?.map(patternOf);
  const unwanted = exclude.map(patternOf);
  const matches = (patterns: readonly RegExp[], name: string): boolean =>
    patterns.some((pattern) => pattern.test(name));
  return (name) => (wanted !== undefined && !matches(wanted, name)) || matches(unwanted, name);
}

export function isFilter({ include, exclude }: PoolFilter): boolean {
  return include !== undefined || exclude !== undefined;
}

/** A pattern of the whole name. */
export function patternOf(glob: string): RegExp {
  const parts = [...glob].map((char) => {
    if (char === '*') return '.*';
    return char === '?' ? '.' : char.replaceAll(/[\\^$.|+()[\]{}/]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'su');
}
