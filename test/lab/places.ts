/** Where the lab finds its parts on the host, and where it may write: `cache` and the project's artifacts. */
export interface Places {
  readonly project: string;
  readonly cache: string;
  /** The bundled program that runs scenarios inside the guest. */
  readonly agent: string;
  readonly init: string;
}
