import type { BuildOptions } from 'esbuild';

export function bundleForNode(options: BuildOptions): void;

export function bundleProgram(
  project: string,
  outfile: string,
  options?: BuildOptions & { readonly format?: 'esm' | 'cjs' },
): void;

export function runMain(file: string, folder: string, context: unknown): Promise<never>;
