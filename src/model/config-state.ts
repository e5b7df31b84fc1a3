/** The state of the options file of a running exporter. */
export interface ConfigState {
  readonly lastReloadWorked: boolean;
  /** Milliseconds since 1970. */
  readonly lastSuccessAt: number;
  /** Options in the file whose new value needs a restart. */
  readonly waiting: number;
}
