import { expect, it } from 'vitest';
import { evaluate } from '../../../src/rules/evaluate.ts';
import { makeHost } from '../../support/makers.ts';
import { failing, notifying } from './cases/notify.ts';

const summaries = (host: ReturnType<typeof makeHost>, debounce = false) =>
  evaluate({ host, trends: [] }, new Map(), { debounce })
    .findings.filter(({ code }) => code.startsWith('notify-'))
    .map(({ summary }) => summary);

it('a heartbeat that is not accepted, and a file that was rejected, are failures too', () => {
  const { notify } = notifying({ lastReloadWorked: false });
  expect(summaries(makeHost({ notify: { ...notify, heartbeat: failing(6) } }))).toEqual([
    'notifications fail: the heartbeat is not accepted (HTTP 500); the changed file of receivers was rejected',
  ]);
  expect(summaries(makeHost({ notify: { heartbeat: failing(1) } }))).toEqual([]);
});

it('a disk that is full for a moment is no finding', () => {
  expect(summaries(notifying({ queueFailure: 'x' }), true)).toEqual([]);
});

it('a host that notifies no one has none', () => {
  expect(summaries(makeHost())).toEqual([]);
});
