import { expect, it } from 'vitest';
import type { ReceiverState } from '../../../../src/model/notify-state.ts';
import { renderNotify } from '../../../../src/web/status-page/notify.ts';

const now = 1_000_000;
const posts = { ok: 0, refused: 0, failed: 1, 'timed-out': 0, unreachable: 0 };
const good: ReceiverState = {
  name: 'phone',
  kind: 'email',
  posts,
  queued: 0,
  dropped: 0,
  lastSuccessAt: now - 60_000,
};
const bad: ReceiverState = {
  name: 'chat',
  kind: 'slack',
  posts,
  queued: 3,
  dropped: 0,
  failingSince: now - 300_000,
  why: 'HTTP 500',
};
const render = (receivers: readonly ReceiverState[], more = {}) =>
  renderNotify({ notifier: { receivers, alerts: 0, lastReloadWorked: true, ...more } }, now)?.markup;

it('is absent unless something is configured', () => {
  expect(renderNotify(undefined, now)).toBeUndefined();
  expect(renderNotify({}, now)).toBeUndefined();
});

it('is folded while all works', () => {
  expect(render([good])).toContain('<details id="notify-all"><summary>1 ok</summary>');
  expect(render([good])).toContain('<td>1m ago</tr>');
});

it('unfolds for a receiver that fails, with the reason and the queue', () => {
  const markup = render([good, bad]);
  expect(markup).toContain('<details id="notify-all" open><summary>1 failing, 1 ok</summary>');
  expect(markup).toContain('<bdi>chat</bdi><td>slack<td><b>failed</b><br>HTTP 500, for 5m<td>3<td>never');
});

it('unfolds for a queue that is not written', () => {
  expect(render([good], { queueFailure: 'no space left' })).toContain(
    'The queue is not written: no space left',
  );
});

it('has the heartbeat as a row', () => {
  expect(renderNotify({ heartbeat: { posts } }, now)?.markup).toContain(
    '<bdi>heartbeat</bdi><td>URL<td><b>unused</b>',
  );
});
