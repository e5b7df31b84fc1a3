/** Paths of the parts of the demo; the bundle itself is in another folder. */
export interface DemoPlaces {
  /** The folder of the simulated tools. */
  readonly tools: string;
  /** URL of the module that is preloaded into the exporter. */
  readonly kernelFiles: string;
  /** The built exporter. */
  readonly exporter: string;
  /** The program that cleans up after the demo. */
  readonly supervisor: string;
  /** The folder of the shipped rules and examples. */
  readonly alerts: string;
}
