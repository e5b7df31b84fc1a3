import { findValue, type Sample } from './exposition.ts';
import type { Lab } from './lab.ts';

/** What changes on a page when storage stalls, in words: it is there, or it is not. */
function wordsOf(samples: readonly Sample[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { name, labels, value } of samples) {
    if (name === 'thinpool_collector_status' && value === 1)
      words.add(`collector ${labels['collector']}: ${labels['status']}`);
    if (name === 'thinpool_collector_stuck_commands')
      words.add(`collector ${labels['collector']}: ${value} stuck`);
    if (name === 'thinpool_collector_blocked' && value === 1)
      words.add(`collector ${labels['collector']}: blocked`);
    if (name === 'thinpool_up') words.add(`pool ${labels['pool']}: up ${value}`);
    if (name === 'thinpool_finding')
      words.add(`finding ${labels['severity']} ${labels['code']} ${labels['pool'] || labels['collector']}`);
    if (/^thinpool_(?:data_used_blocks|volume_mapped_bytes|lvm_thin_volumes|info)$/.test(name))
      words.add(`${name} of ${labels['pool']}`);
    if (name === 'thinpool_docker_minimum_free_bytes') words.add(`${name} of ${labels['pool']}`);
    if (name === 'thinpool_vg_free_bytes') words.add(`${name} of ${labels['vg']}`);
  }
  return words;
}

export interface TimelineEvent {
  readonly at: number;
  readonly appeared: boolean;
  readonly what: string;
}

export interface Timeline {
  readonly events: readonly TimelineEvent[];
  readonly see: (samples: readonly Sample[], at: number) => void;
  /** When something appeared (or went) for the first time at or after a second; undefined when it did not. */
  readonly when: (what: string, appeared: boolean, from: number) => number | undefined;
  readonly write: (file: string) => void;
}

/** Keeps what came and went from page to page. */
export function openTimeline(lab: Lab): Timeline {
  let before: ReadonlySet<string> = new Set();
  const events: TimelineEvent[] = [];
  return {
    events,
    see: (samples, at) => {
      const now = wordsOf(samples);
      for (const what of now) if (!before.has(what)) events.push({ at, appeared: true, what });
      for (const what of before) if (!now.has(what)) events.push({ at, appeared: false, what });
      before = now;
    },
    when: (what, appeared, from) =>
      events.find((event) => event.at >= from && event.appeared === appeared && event.what === what)?.at,
    write: (file) => {
      const lines = events.map(
        ({ at, appeared, what }) => `${at.toFixed(1)} ${appeared ? '+' : '-'} ${what}\n`,
      );
      lab.write(file, lines.join(''));
    },
  };
}

/** How old a pool's shown status is, in seconds, now or at a Unix time; undefined where none is shown. */
export function statusAge(
  samples: readonly Sample[],
  pool: string,
  now = Date.now() / 1000,
): number | undefined {
  const readAt = findValue(samples, 'thinpool_status_timestamp_seconds', { pool });
  return readAt === undefined ? undefined : now - readAt;
}
