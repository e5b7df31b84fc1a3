import type { BannedPhrase } from './banned-phrases.ts';

/** One word for one thing: a word that short texts must not use, and the word of the glossary that they use instead. */
function term(use: string, because: string, ...words: readonly string[]): readonly BannedPhrase[] {
  return words.map((phrase) => ({ phrase, use, because }));
}

/** For titles and one-line texts, where these words always mean something that has another name. Prose may need them. */
const titles: readonly BannedPhrase[] = [
  ...term('collector', 'A collector reads one kind of fact; its option says so.', 'source', 'sources'),
  ...term('variant', 'Other forms of a query are its variants.', 'way', 'ways'),
  ...term('query, poll or output', 'It does not say which of the three.', 'reading', 'readings'),
  ...term('output or response', 'Tools give output, servers respond.', 'answer', 'answers'),
  ...term('read or poll', 'The exporter reads; it has no eyes.', 'look', 'looks', 'looked at'),
  ...term('exposition', 'Only the status page is a page.', 'metrics page', 'page of metrics'),
  ...term('healthy', 'A pool is no patient.', 'is well', 'are well', 'be well'),
  ...term('replaces or simulates', 'It does not say whether the thing is real.', 'stand in', 'stands in'),
];

/** For comments, names of tests, READMEs of tests and files of packages, too. */
export const plainWords: readonly BannedPhrase[] = [
  ...term('query', 'A collector runs queries.', 'question', 'questions'),
  ...term('minimum free', 'It is the space below which something refuses to allocate.', 'floor', 'floors'),
  ...term(
    'blocked or skipped',
    'A blocked query is not run, as it could do harm.',
    'hold back',
    'holds back',
  ),
  ...term('direct notification', 'A page is the HTML page, or a call at night.', 'direct page'),
  ...term('healthy', 'A pool is no patient.', 'unwell'),
  ...term('report, or the verb meant', 'Programs report.', 'tell', 'tells', 'told', 'telling'),
  ...term('query, or the verb meant', 'Programs query.', 'ask', 'asks', 'asked', 'asking'),
  ...term('automatically, or what does it', 'It hides what acts.', 'by itself'),
  ...term('a duration or interval', 'It names no quantity.', 'so long', 'so often', 'so many'),
  ...term('the person or program meant', 'It hides who acts.', 'somebody', 'nobody', 'everybody', 'anybody'),
];

/** For help, HELP, log messages, headings and file names. */
export const glossary: readonly BannedPhrase[] = [...titles, ...plainWords];
