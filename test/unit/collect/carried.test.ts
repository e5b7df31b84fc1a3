import { expect, test } from 'vitest';
import { readCarried, writeCarried } from '../../../src/collect/carried.ts';
import { evaluate } from '../../../src/rules/evaluate.ts';
import { describeTrends, restoreHistory, saveHistory } from '../../../src/trend/history.ts';
import { blocks, poolAt, Watch } from '../trend/fold.ts';

const watch = new Watch().follow(0, 300, (second) => blocks * (0.5 + 0.0005 * second));
const { since } = evaluate({ host: watch.host, trends: [] }, new Map());

test('what is carried over judges the next read as if nothing had ended between', () => {
  const { history, since: kept } = readCarried(writeCarried({ history: watch.history, since }));
  expect(kept).toEqual(since);
  const next = new Watch();
  next.history = history;
  next.see(305, poolAt(305, blocks * 0.6525));
  watch.see(305, poolAt(305, blocks * 0.6525));
  expect(next.data).toEqual(watch.data);
  expect(describeTrends(next.history, next.host)[0]?.data?.secondsToFull).toBeCloseTo(695, -1);
});

test('a pool that was read only once has a history, too', () => {
  const first = new Watch();
  first.see(0, poolAt(0, 100));
  expect(restoreHistory(saveHistory(first.history))).toEqual(first.history);
});

test.each([
  ['', 'JSON'],
  ['[]', 'not an object'],
  ['{"format":2}', 'its format is not 1'],
  ['{"format":1,"pools":{}}', '"pools" is not a list of histories'],
  ['{"format":1,"pools":[["a",{"lastSeenAt":"1"}]],"since":[]}', '"pools" is not a list of histories'],
  ['{"format":1,"pools":[["a",{"lastSeenAt":1,"data":{"points":[{"at":1}]}}]],"since":[]}', '"pools"'],
  ['{"format":1,"pools":[],"since":[["a",{"startedAt":1}]]}', '"since" is not a list of findings'],
])('%s is refused', (text, reason) => {
  expect(() => readCarried(text)).toThrow(reason);
});
