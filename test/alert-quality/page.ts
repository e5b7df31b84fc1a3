import { barsOf, type Result, table } from './report.ts';
import { leadOfLong, longFill, nearBy } from './score.ts';

/** docs/behaviour/alert-quality.md */
export function page(shipped: Result, baselines: readonly Result[]): string {
  const { all } = shipped;
  const minutes = (seconds: number): string => `${seconds / 60} minutes`;
  const bars = barsOf(shipped, baselines).map(({ says, holds }) => `- ${holds ? 'PASS' : 'FAIL'}: ${says}`);
  return `# How good the alerts are

Made by \`npm run bench:alerts -- --write\`; [test/alert-quality](../../test/alert-quality/README.md) tells how.

${all.histories} histories of pools from 10 GB to 100 TB, made up from a fixed seed, are put before Prometheus' own rule
engine, with the series that the exporter would have shown: ${all.fills + all.tooFast} fills, ${all.crossings} crossings of
Docker's floor, and ${all.quiet} histories (${all.poolMonths.toFixed(1)} pool-months) in which nothing is wrong, made so that
much in them looks as if it were.

${table(
  'rules',
  [shipped, ...baselines].map(({ name, all: summary }) => [name, summary]),
)}

- A **page** is an alert with \`page="true"\`, or of a baseline one of severity critical. Alerts of one name about one
  resource of one pool are one page, as the example configuration of Alertmanager groups them.
- A **fill** or a **crossing** is **missed** if no page about that resource fired between the beginning of the writing
  that led to it and the moment itself. *Never paged* are crossings of which nobody was told in the two minutes after
  either.
- **Lead** is the time from the first such page to the full pool; a missed fill counts as none. Median and worst are over
  all fills.
- **Faster** fills take less than ${minutes(longFill)}. One of them is **late** if the page comes more than four scrapes
  after it has begun and is within ${minutes(nearBy)} of full: three scrapes have to show the growth, and what they show is up to one
  scrape old. Longer ones have to be paged ${minutes(leadOfLong)} before.
- A **false page** is one in a quiet history. A **flap** is a page that comes back within six hours.

## What is asked of the shipped rules

${bars.join('\n')}

## The shipped rules, by kind of history

${table('kind', [...shipped.byClass])}
`;
}
