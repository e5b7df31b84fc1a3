/** Where the parts of the demo lie, which is bundled elsewhere. */
export interface DemoPlaces {
  /** The folder of the stand-ins. */
  readonly tools: string;
  /** The module that the exporter is started with, as a URL. */
  readonly kernelFiles: string;
  /** The built exporter. */
  readonly exporter: string;
  /** The program that outlives the demo by a moment. */
  readonly supervisor: string;
  /** The folder of the shipped rules and examples. */
  readonly alerts: string;
}
