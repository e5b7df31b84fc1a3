/** Where the parts of the demo lie, which is bundled elsewhere. */
export interface DemoPlaces {
  /** The folder of the stand-ins. */
  readonly tools: string;
  /** The module that the exporter is started with, as a URL. */
  readonly kernelFiles: string;
  /** The built exporter. */
  readonly exporter: string;
}
