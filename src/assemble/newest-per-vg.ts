import type { Facts, Fragment } from '../model/facts.ts';
import type { Answer } from './answer.ts';

/** The facts that LVM reports per VG. */
const words = ['logicalVolumes', 'volumeGroups'] as const;
type Word = (typeof words)[number];

/**
 * The fragments of all queries. If several have facts about a VG, only the newest counts for it: the others still cover the
 * VGs that the newest query was not about.
 */
export function newestOfGroups(answers: readonly Answer[]): readonly Fragment[] {
  const tellers = words.map((word) => [word, newestTellers(answers, word)] as const);
  return answers.map((answer) =>
    tellers.reduce((fragment, [word, newest]) => keepOwn(fragment, word, newest, answer), answer.fragment),
  );
}

function newestTellers(answers: readonly Answer[], word: Word): ReadonlyMap<string, Answer> {
  const newest = new Map<string, Answer>();
  for (const answer of answers) {
    for (const group of new Set(answer.fragment[word]?.map(groupOf))) {
      const before = newest.get(group);
      if (before === undefined || answer.takenAt > before.takenAt) newest.set(group, answer);
    }
  }
  return newest;
}

function keepOwn(
  fragment: Fragment,
  word: Word,
  newest: ReadonlyMap<string, Answer>,
  answer: Answer,
): Fragment {
  if (fragment[word] === undefined) return fragment;
  const isOwn = (record: Facts[Word][number]) => newest.get(groupOf(record)) === answer;
  return { ...fragment, [word]: fragment[word].filter(isOwn) };
}

function groupOf({ vgUuid, vgName }: Facts[Word][number]): string {
  return vgUuid ?? vgName;
}
