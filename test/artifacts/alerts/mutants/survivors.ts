import type { RuleText } from '../unit/promtool.ts';

interface Survivor {
  readonly name: string;
  readonly what: string;
  readonly of: RuleText;
}

/** Mutants that may live, and why. */
const reasons: readonly { readonly is: (survivor: Survivor) => boolean; readonly because: string }[] = [
  {
    is: ({ what, of }) => what.endsWith('«severity» → «nothing»') && of.expr.includes('thinpool_finding'),
    because: 'The selector leaves one severity, and the label of the rule takes its place.',
  },
  {
    is: ({ what }) => /\+ «1» → |>= «0» → «1»|\+ 1\) «\/» → «\*»/.test(what),
    because: 'Any number passes: it exists only for its text, and to be one.',
  },
  {
    is: ({ name, what }) =>
      name === 'ThinPoolWatchdog' && (what.includes('vector(') || what.startsWith('keep_firing_for')),
    because: 'It always fires, whatever its value.',
  },
  {
    is: ({ name, what }) => name.startsWith('thinpool_fleet:') && what.endsWith('«count» → «sum»'),
    because: 'What is counted is always 1.',
  },
  {
    is: ({ name, what }) => name === 'ThinPoolBelowMinimumFree' && what.endsWith('«max» → «min»'),
    because:
      'There is one distance to the minimum free for each resource: all aggregates of it are the same.',
  },
];

export function reasonOf(survivor: Survivor): string | undefined {
  return reasons.find(({ is }) => is(survivor))?.because;
}
