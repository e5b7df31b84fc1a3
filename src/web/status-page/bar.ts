import { formatShare } from '../../format/bytes.ts';
import type { Resource, Space } from '../../model/pool.ts';
import type { Mark } from './bar-marks.ts';
import { type Html, html } from './html.ts';

// Positions are attributes in percent: they scale with the screen, and the CSP forbids style attributes.
const percent = (share: number): string => `${(100 * Math.min(1, Math.max(0, share))).toFixed(3)}%`;

/** Shapes differ in form and height, so that two marks at the same level remain visible. */
const shapes: Readonly<Record<Mark['kind'], string>> = {
  autoextend: 'M-5 0h10l-5 7z',
  'low-water': 'M-5 28h10l-5-7z',
  'minimum-free': 'M-1.5 1h3v26h-3z',
  'host-room': 'M-1 3h2v22h-2z',
  warning: 'M0 8l5 6-5 6-5-6z',
  critical: 'M-4 10h8v8h-8z',
};

/** View boxes for a shape on its own. */
const keyBoxes: Readonly<Record<Mark['kind'], string>> = {
  autoextend: '-7 -4 14 14',
  'low-water': '-7 18 14 14',
  'minimum-free': '-7 7 14 14',
  'host-room': '-7 7 14 14',
  warning: '-7 7 14 14',
  critical: '-7 7 14 14',
};

export function renderBar(resource: Resource, space: Space, marks: readonly Mark[]): Html {
  const { usedBytes, sizeBytes } = space;
  return html`<svg class="bar" role="img" aria-label="${describe(resource, space, marks)}" width="100%" height="28">
<rect class="track" y="7" width="100%" height="14" rx="3"/>${marks.map(renderZone)}
<rect class="used ${shortageOf(space, marks)}" y="7" width="${percent(usedBytes / sizeBytes)}" height="14" rx="3"/>
${marks.map(renderMark)}</svg>
`;
}

/** A bar for a list: the figures stand next to it. */
export function renderSmallBar(space: Space, marks: readonly Mark[]): Html {
  const { usedBytes, sizeBytes } = space;
  return html`<svg class="small" aria-hidden="true" width="100%" height="8"><rect class="track" width="100%" height="8" rx="2"/><rect class="used ${shortageOf(space, marks)}" width="${percent(usedBytes / sizeBytes)}" height="8" rx="2"/></svg>`;
}

/** A bar for usage that is too old, drawn so that it is not taken for current. */
export function renderOldBar(resource: Resource, usedShare: number): Html {
  return html`<svg class="bar old" role="img" aria-label="${resource}: ${formatShare(usedShare, 1)} used when last read" width="100%" height="28">
<rect class="track" y="7" width="100%" height="14" rx="3"/>
<rect class="used" y="7" width="${percent(usedShare)}" height="14" rx="3"/></svg>
`;
}

/** The shape of a mark, next to its explanation. */
export function renderKey({ kind }: Mark): Html {
  return html`<svg class="key" aria-hidden="true" width="14" height="14" viewBox="${keyBoxes[kind]}"><path class="mark ${kind}" d="${shapes[kind]}"/></svg>`;
}

function renderMark({ kind, share }: Mark): Html {
  return html`<svg class="place" x="${percent(share)}" overflow="visible"><path class="mark ${kind}" d="${shapes[kind]}"/></svg>
`;
}

/** Space beyond Docker's minimum, or beyond what fits under a loop file, cannot be relied on. */
function renderZone({ kind, share }: Mark): Html | undefined {
  if (kind !== 'minimum-free' && kind !== 'host-room') return undefined;
  return html`<rect class="zone ${kind}" x="${percent(share)}" y="7" width="${percent(1 - share)}" height="14" rx="3"/>`;
}

/** How short space is, from much to none: the colours of bars lead from blue to red. */
export type Shortage = 'healthy' | 'near' | 'warning' | 'short' | 'critical';

/** Past any limit space is near one; past the warning it is short from halfway to the critical limit on. */
export function shortageOf({ usedBytes, sizeBytes, freeBytes }: Space, marks: readonly Mark[]): Shortage {
  const passed = marks.filter((mark) => mark.passed).map(({ kind }) => kind);
  if (freeBytes === 0 || passed.includes('minimum-free') || passed.includes('critical')) return 'critical';
  if (!passed.includes('warning')) return passed.length > 0 ? 'near' : 'healthy';
  const shareOf = (kind: Mark['kind']) => marks.find((mark) => mark.kind === kind)?.share ?? 1;
  const halfway = (shareOf('warning') + shareOf('critical')) / 2;
  return usedBytes / sizeBytes > halfway ? 'short' : 'warning';
}

function describe(resource: Resource, { usedBytes, sizeBytes }: Space, marks: readonly Mark[]): string {
  const descriptions = marks.map(({ share, message, passed }) => {
    return `${formatShare(share, 1)}: ${message}${passed ? ', passed' : ''}`;
  });
  return [`${resource}: ${formatShare(usedBytes, sizeBytes)} used`, ...descriptions].join('; ');
}
