import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What is packaged, and where it is put together. */
export interface Release {
  readonly project: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Node's word for the machine. */
  readonly arch: Arch;
  /** Where the artifacts go. */
  readonly out: string;
  /** For what is on the way to them. */
  readonly work: string;
  /** Seconds since 1970, of the last commit: the same sources make the same packages. */
  readonly epoch: number;
  /** Packages for a test: larger and sooner. */
  readonly quick: boolean;
}

export const arches = ['x64', 'arm64'] as const;
export type Arch = (typeof arches)[number];

/** Each world has its own word for the same machine. */
export const archNames: Readonly<Record<Arch, { readonly deb: string; readonly rpm: string }>> = {
  x64: { deb: 'amd64', rpm: 'x86_64' },
  arm64: { deb: 'arm64', rpm: 'aarch64' },
};

export interface ReleaseChoices {
  readonly arch: Arch;
  readonly quick: boolean;
  /** Absent: that of package.json. */
  readonly version?: string | undefined;
  readonly out?: string | undefined;
}

export function describeRelease(project: string, queryOptions: ReleaseChoices): Release {
  const { name, version, description } = JSON.parse(
    readFileSync(path.join(project, 'package.json'), 'utf8'),
  ) as Pick<Release, 'name' | 'version' | 'description'>;
  return {
    project,
    name,
    version: queryOptions.version ?? version,
    description,
    arch: queryOptions.arch,
    out: path.resolve(queryOptions.out ?? path.join(project, 'artifacts/package')),
    work: path.join(project, '.cache/package', queryOptions.arch),
    epoch: commitTime(project),
    quick: queryOptions.quick,
  };
}

function commitTime(project: string): number {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given !== undefined) return Number(given);
  try {
    return Number(execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: project, encoding: 'utf8' }));
  } catch {
    // An unpacked archive has no history.
    return Math.floor(Date.now() / 1000);
  }
}
