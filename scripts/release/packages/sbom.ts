import { execFileSync } from 'node:child_process';
import type { Library } from './licenses.ts';
import type { Release } from './release.ts';

interface Named {
  readonly name: string;
  readonly version: string;
  readonly 'bom-ref': string;
}

interface Sbom {
  readonly metadata: { readonly component: Named };
  readonly components: readonly Named[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** The libraries in the program, as CycloneDX; npm makes it from the lockfile. */
export function makeSbom({ project, name: program }: Release, libraries: readonly Library[]): string {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--loglevel', 'error'];
  const all: Sbom = JSON.parse(
    execFileSync('npm', args, { cwd: project, encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe' }),
  );
  // npm's own --omit dev leaves out what both the program and a tool need (seen: npm 11, yaml).
  const wanted = new Set(libraries.map(({ name, version }) => `${name}@${version}`));
  const components = all.components.filter(({ name, version }) => wanted.has(`${name}@${version}`));
  const refs = new Set([all.metadata.component, ...components].map((one) => one['bom-ref']));
  const dependencies = all.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  // npm names the program after the folder of the checkout, and takes it for a library.
  const component = { ...all.metadata.component, name: program, type: 'application' };
  const sbom = { ...all, metadata: { ...all.metadata, component }, components, dependencies };
  return `${JSON.stringify(sbom, undefined, 2)}\n`;
}
