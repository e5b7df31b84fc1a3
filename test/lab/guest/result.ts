export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
}

/** Versions of the guest, as its tools print them; empty where a tool prints none. */
export interface Versions {
  readonly kernel: string;
  readonly thinPool: string;
  readonly lvm: string;
  readonly libdm: string;
  /** thin-provisioning-tools. */
  readonly thinTools: string;
  readonly docker: string;
}

/** What a scenario leaves as result.json. */
export interface LabResult {
  readonly scenario: string;
  readonly versions: Versions;
  readonly ok: boolean;
  readonly seconds: number;
  readonly checks: readonly Check[];
  readonly error?: string;
}
