/** The state of the web configuration file. */
export interface AccessState {
  readonly lastReloadWorked: boolean;
  /** Milliseconds since 1970. */
  readonly lastSuccessAt: number;
  /** Absent without TLS. Milliseconds since 1970. */
  readonly certificateExpiresAt?: number;
}
