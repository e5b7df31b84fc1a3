import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { run } from './buildah.ts';

/** What of an image's configuration decides how it runs (OCI image-spec, config.md; Docker adds Healthcheck). */
export interface ImageConfig {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

export interface Entry {
  /** As `ls -l` shows it: `-rwsr-xr-x`. */
  readonly mode: string;
  readonly bytes: number;
  /** Without a leading slash. */
  readonly path: string;
}

export interface Layer {
  readonly file: string;
  readonly bytes: number;
  readonly entries: readonly Entry[];
}

export interface Unpacked {
  readonly config: ImageConfig;
  /** The base first. */
  readonly layers: readonly Layer[];
}

/** Reads what `docker save` and buildah write: a tar with manifest.json, a configuration and a tar for each layer. */
export function readArchive(archive: string, folder: string): Unpacked {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run('tar', ['-xf', archive, '-C', folder]);
  const readJson = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const [{ Config, Layers }]: [{ Config: string; Layers: string[] }] = readJson('manifest.json');
  const { config }: { config: ImageConfig } = readJson(Config);
  return { config, layers: Layers.map((layer) => readLayer(path.join(folder, layer))) };
}

function readLayer(file: string): Layer {
  const listing = run('tar', ['--numeric-owner', '--quoting-style=literal', '-tvf', file]);
  const entries = listing.split('\n').flatMap((line) => {
    const match = /^(?<mode>\S{10}) \S+ +(?<size>\S+) \S+ \S+ (?<path>.*)$/.exec(line);
    if (!match?.groups) return [];
    const { mode = '', size = '', path: where = '' } = match.groups;
    const plain = where.replace(/ (?:->|link to) .*$/, '').replace(/^\.?\//, '');
    return [{ mode, bytes: Number(size) || 0, path: plain }];
  });
  return { file, entries, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** The layers on top of each other, as a container sees them. A file that a layer above removes is removed. */
export function unpackRoot({ layers }: Unpacked, root: string): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const { file, entries } of layers) {
    run('tar', ['--numeric-owner', '-xpf', file, '-C', root, '--exclude=.wh.*']);
    for (const { path: where } of entries) {
      const { dir, base } = path.parse(where);
      if (base.startsWith('.wh.') && base !== '.wh..wh..opq')
        rmSync(path.join(root, dir, base.slice('.wh.'.length)), { recursive: true, force: true });
    }
  }
}
