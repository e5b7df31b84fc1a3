/** `skip`: there is nothing to test on this host. `info`: to know, not to mend. */
export const levels = ['ok', 'info', 'skip', 'warn', 'fail'] as const;
export type Level = (typeof levels)[number];

/** The result of one test. */
export interface Diagnosis {
  readonly level: Level;
  readonly about: string;
  readonly message: string;
  readonly remedy?: string;
}

export interface DiagnosisSection {
  readonly title: string;
  readonly diagnoses: readonly Diagnosis[];
}
