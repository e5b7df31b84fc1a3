import { expect, it } from 'vitest';
import { bannedPhrases, explain, findBannedPhrases } from './banned-phrases.ts';

it.each(bannedPhrases)('finds "$phrase"', ({ phrase }) => {
  expect(findBannedPhrases(`A\n${phrase.toUpperCase()}.`)).toMatchObject([{ phrase, line: 2 }]);
});

it('finds a phrase that a line break splits', () => {
  expect(findBannedPhrases('It waits for\n  ever.')).toMatchObject([{ phrase: 'for ever', line: 1 }]);
});

it('finds no part of a word', () => {
  expect(findBannedPhrases('This had data of thenceforth; forever.')).toEqual([]);
});

it('says where, and what to write', () => {
  const [use] = findBannedPhrases('Held back.');
  expect(use && explain('docs/page.md', use)).toMatch(
    /^docs\/page\.md:1: "held back" → use blocked or skipped instead\. /,
  );
});

it('gives each reason in one line', () => {
  expect(bannedPhrases.filter(({ because }) => !/^[A-Z].{1,78}\.$/.test(because))).toEqual([]);
});
