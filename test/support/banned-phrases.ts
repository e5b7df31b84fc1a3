export interface BannedPhrase {
  readonly phrase: string;
  readonly use: string;
  /** One line. */
  readonly because: string;
}

/**
 * Phrases that no text for operators may contain: docs, help, HELP, log messages, findings, alerts. One line each.
 * Case does not matter, and a space also matches a line break.
 */
export const bannedPhrases: readonly BannedPhrase[] = [
  { phrase: 'whoever', use: 'the person, tool or client meant', because: 'It hides who acts.' },
  {
    phrase: 'for ever',
    use: 'indefinitely or permanently',
    because: 'It is the language of tales, not of logs.',
  },
  { phrase: 'no end in sight', use: 'not filling up', because: 'It says nothing about growth.' },
  { phrase: 'is had', use: 'has, or is available', because: 'Nobody says it: the subject is missing.' },
  { phrase: 'beside others', use: 'comparison, or next to', because: 'It does not say what is compared.' },
  { phrase: 'held back', use: 'blocked or skipped', because: 'The glossary has one word for it: blocked.' },
  {
    phrase: 'stands in for',
    use: 'replaces or simulates',
    because: 'It does not say whether the thing is real.',
  },
  {
    phrase: 'so many at most',
    use: 'at most N, or maximum number',
    because: 'A limit is a number with a name.',
  },
  { phrase: 'of then', use: 'from that time, with the time', because: 'It does not say when.' },
];

export interface BannedUse extends BannedPhrase {
  /** Of the line on which the phrase begins; the first is 1. */
  readonly line: number;
}

export function findBannedPhrases(
  text: string,
  phrases: readonly BannedPhrase[] = bannedPhrases,
): readonly BannedUse[] {
  return phrases
    .flatMap((banned) =>
      [...text.matchAll(pattern(banned.phrase))].map(({ index }) => ({
        ...banned,
        line: text.slice(0, index).split('\n').length,
      })),
    )
    .sort((a, b) => a.line - b.line);
}

/** `docs/page.md:7: "for ever" → use indefinitely or permanently instead. …` */
export function explain(file: string, { line, phrase, use, because }: BannedUse): string {
  return `${file}:${line}: "${phrase}" → use ${use} instead. ${because}`;
}

function pattern(phrase: string): RegExp {
  return new RegExp(`\\b${phrase.replaceAll(' ', '\\s+')}\\b`, 'gi');
}
