const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** How closely, and for how long, histories of a kind are sampled. Seconds. */
export interface Tier {
  readonly name: string;
  readonly scrape: number;
  readonly duration: number;
  /** Step of the simulation behind the scrapes. */
  readonly step: number;
}

/** Fast fills need the shipped 5 s; a fill of days shows the same at 60 s, and can be afforded. */
export const tiers = {
  minutes: { name: 'minutes', scrape: 5, step: 1, duration: 2 * hour },
  hours: { name: 'hours', scrape: 15, step: 5, duration: 16 * hour },
  days: { name: 'days', scrape: 60, step: 15, duration: 6 * day },
} as const satisfies Record<string, Tier>;
