import { formatAge } from '../../format/duration.ts';
import type { DeliveryState, NotifyState } from '../../model/notify-state.ts';
import { type Html, html } from './html.ts';
import { formatAgo } from './timestamp.ts';

/** Who is notified, and whether that works. Unfolded if it does not. Nothing unless it is configured. */
export function renderNotify(state: NotifyState | undefined, now: number): Html | undefined {
  const { notifier, heartbeat } = state ?? {};
  if (notifier === undefined && heartbeat === undefined) return undefined;
  const rows = [
    ...(notifier?.receivers ?? []).map((one) => ({ ...one, waiting: String(one.queued) })),
    ...(heartbeat === undefined ? [] : [{ ...heartbeat, name: 'heartbeat', kind: 'URL', waiting: '' }]),
  ];
  const failing = rows.filter(({ failingSince }) => failingSince !== undefined);
  const isTroubled = failing.length > 0 || notifier?.queueFailure !== undefined;
  return html`<section id="notify" aria-labelledby="notify-title">
<h2 id="notify-title">Notifications</h2>
<details id="notify-all"${isTroubled ? html` open` : undefined}><summary>${failing.length === 0 ? `${rows.length} ok` : `${failing.length} failing, ${rows.length - failing.length} ok`}</summary>
${notifier?.queueFailure === undefined ? undefined : html`<p class="gap">The queue is not written: ${notifier.queueFailure}</p>`}
<table class="collectors">
<thead><tr><th scope="col">Receiver<th scope="col">Type<th scope="col">State<th scope="col">Queued<th scope="col">Last success</tr></thead>
<tbody>
${rows.map((row) => renderRow(row, now))}</tbody></table></details>
</section>
`;
}

interface Row extends DeliveryState {
  readonly name: string;
  readonly kind: string;
  readonly waiting: string;
}

function renderRow({ name, kind, waiting, failingSince, why, lastSuccessAt }: Row, now: number): Html {
  const isFailing = failingSince !== undefined;
  const state = isFailing ? 'failed' : lastSuccessAt === undefined ? 'unused' : 'ok';
  const trouble = isFailing ? html`<br>${why}, for ${formatAge(now - failingSince)}` : undefined;
  return html`<tr class="${state}"><th scope="row"><bdi>${name}</bdi><td>${kind}<td><b>${state}</b>${trouble}<td>${waiting}<td>${lastSuccessAt === undefined ? 'never' : formatAgo(now - lastSuccessAt)}</tr>
`;
}
