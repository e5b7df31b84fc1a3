export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
}

/** What a scenario leaves as result.json. */
export interface LabResult {
  readonly scenario: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly checks: readonly Check[];
  readonly error?: string;
}
