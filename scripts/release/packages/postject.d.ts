declare module 'postject' {
  /** Writes `data` into an executable, under a name that the executable looks for. */
  export function inject(
    executable: string,
    resource: string,
    data: Buffer,
    options: { readonly sentinelFuse: string },
  ): Promise<void>;
}
