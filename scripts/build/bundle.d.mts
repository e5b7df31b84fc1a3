import type { BuildOptions } from 'esbuild';

export function bundleForNode(options: BuildOptions): void;

export function buildProgram(outfile?: string, minify?: boolean): void;

export function bundleProgram(
  project: string,
  outfile: string,
  options?: BuildOptions & { readonly format?: 'esm' | 'cjs' },
): void;
