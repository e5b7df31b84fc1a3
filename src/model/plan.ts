export const planTopics = ['autoextend', 'metadata', 'spare', 'next_disk'] as const;

/** What a pool needs so that it does not run out, topic by topic. */
export interface Plan {
  readonly pool: string;
  readonly items: readonly PlanItem[];
}

export interface PlanItem {
  readonly topic: (typeof planTopics)[number];
  /** `ok`: nothing to do. `change`: something should be changed. `unknown`: figures are missing. */
  readonly state: 'ok' | 'change' | 'unknown';
  /** What is, with figures, and what to do, as a sentence. */
  readonly message: string;
  /** To type, in this order. */
  readonly commands: readonly string[];
  readonly figures: PlanFigures;
}

/** Those that the topic has. */
export interface PlanFigures {
  readonly thresholdPercent?: number;
  readonly stepPercent?: number;
  /** How many extensions the VG has room for with them. */
  readonly extensions?: number;
  readonly sizeBytes?: number;
  /** Of what is to be that large. */
  readonly wantedBytes?: number;
  /** Missing in the VG. */
  readonly shortfallBytes?: number;
  readonly growthBytesPerDay?: number;
  /** From now. */
  readonly secondsLeft?: number;
}
