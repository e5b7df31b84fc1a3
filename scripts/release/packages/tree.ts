import {
  chmodSync,
  copyFileSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { collectors } from '../../../src/collectors/index.ts';
import { renderBashCompletion, renderZshCompletion } from './completion.ts';
import { renderManPage } from './man-page.ts';
import type { Release } from './release.ts';

/** A file that a package installs. */
interface Installed {
  /** From the root, without the first slash. */
  readonly to: string;
  readonly from: { readonly file: string } | { readonly content: string | Buffer };
  readonly mode?: number;
}

export interface TreeInput {
  readonly executable: string;
  readonly nodeLicense: string;
  readonly licenses: string;
  /** Where this distribution's zsh looks. */
  readonly zshFolder: string;
}

/** The one file that belongs to the administrator once it is there. */
export const configFile = 'etc/default/thinpool-exporter';

/** Lays out under `root` what .deb and .rpm install. Returns the paths of the files. */
export function layTree(root: string, release: Release, input: TreeInput): readonly string[] {
  rmSync(root, { recursive: true, force: true });
  const files = installed(release, input);
  for (const { to, from, mode = 0o644 } of files) {
    const place = path.join(root, to);
    mkdirSync(path.dirname(place), { recursive: true, mode: 0o755 });
    if ('file' in from) copyFileSync(from.file, place);
    else writeFileSync(place, from.content);
    chmodSync(place, mode);
  }
  settleTimes(root, release.epoch);
  return files.map(({ to }) => to);
}

function installed(release: Release, input: TreeInput): readonly Installed[] {
  const { project, name, version, epoch } = release;
  const date = new Date(epoch * 1000).toISOString().slice(0, 10);
  const manPage = renderManPage({ version, date, collectors });
  const share = `usr/share/${name}`;
  const doc = `usr/share/doc/${name}`;
  const inProject = (file: string) => ({ file: path.join(project, file) });
  return [
    { to: `usr/bin/${name}`, from: { file: input.executable }, mode: 0o755 },
    {
      to: `usr/lib/systemd/system/${name}.service`,
      from: inProject(`deploy/packages/systemd/${name}.service`),
    },
    { to: configFile, from: inProject(`deploy/packages/systemd/${name}.default`) },
    { to: `usr/share/man/man8/${name}.8.gz`, from: { content: gzipSync(manPage, { level: 9 }) } },
    {
      to: `usr/share/bash-completion/completions/${name}`,
      from: { content: renderBashCompletion(collectors) },
    },
    { to: `${input.zshFolder}/_${name}`, from: { content: renderZshCompletion(collectors) } },
    ...folder(project, 'alerts', /\.ya?ml$/, share),
    ...folder(project, 'dashboards', /\.json$/, share),
    ...folder(project, 'dashboards/import', /\.json$/, share),
    ...['README.md', 'CHANGELOG.md'].map((file) => ({ to: `${doc}/${file}`, from: inProject(file) })),
    ...['', '/guide', '/reference', '/behaviour', '/runbooks'].flatMap((of) =>
      folder(project, `docs${of}`, /\.md$/, doc),
    ),
    { to: `${doc}/copyright`, from: { content: copyright(project, input) } },
  ];
}

function folder(project: string, from: string, names: RegExp, to: string): readonly Installed[] {
  const files = readdirSync(path.join(project, from)).filter((file) => names.test(file));
  return files.map((file) => ({
    to: `${to}/${from}/${file}`,
    from: { file: path.join(project, from, file) },
  }));
}

/** The executable holds Node and the libraries: their licences require to be passed on. */
function copyright(project: string, { licenses, nodeLicense }: TreeInput): string {
  return [
    'thinpool-exporter is under this licence:',
    readFileSync(path.join(project, 'LICENSE'), 'utf8'),
    'The executable holds these libraries:',
    licenses,
    'The executable holds Node.js:',
    readFileSync(nodeLicense, 'utf8'),
  ].join('\n\n');
}

/** The same sources make the same package, to the byte. */
function settleTimes(root: string, epoch: number): void {
  for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' }))
    lutimesSync(path.join(root, entry), epoch, epoch);
}
