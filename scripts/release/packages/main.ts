import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { collectors } from '../../../src/collectors/index.ts';
import { bundleProgram } from '../../build/bundle.mjs';
import { flavours, writeFiles } from '../../generated.ts';
import { renderBashCompletion, renderZshCompletion } from './completion.ts';
import { makeDeb } from './deb.ts';
import { makeExecutable } from './executable.ts';
import { renderLicenses, runtimeLibraries } from './licenses.ts';
import { fetchNode, type NodeRelease } from './node-release.ts';
import { arches, describeRelease, type Release } from './release.ts';
import { makeRpm } from './rpm.ts';
import { makeSbom } from './sbom.ts';

const usage = `Usage: npm run package -- [--arch x64|arm64] [--node FILE] [--out DIR] [--version-number V] [--quick]
  --arch            the machine to make it for; this one's by default
  --node            a Node binary of the version that releases carry, instead of the one from the npm registry
  --out             instead of artifacts/package
  --version-number  instead of that of package.json
  --quick           larger packages, made sooner: for tests
`;

const project = path.resolve(import.meta.dirname, '../../..');

function main(argv: readonly string[]): number {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      arch: { type: 'string', default: process.arch },
      node: { type: 'string' },
      out: { type: 'string' },
      'version-number': { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const arch = arches.find((name) => name === values.arch);
  if (values.help || arch === undefined) {
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  const { quick, out } = values;
  const release = describeRelease(project, { arch, quick, out, version: values['version-number'] });
  makeRelease(release, {
    ...fetchNode(project, arch),
    ...(values.node ? { binary: values.node } : {}),
  });
  return 0;
}

function makeRelease(release: Release, node: NodeRelease): void {
  const { project, out, name, version } = release;
  writeFiles(flavours());
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const made: string[] = [];
  const take = (file: string): void => {
    made.push(file);
    process.stdout.write(
      `${(statSync(path.join(out, file)).size / 1e6).toFixed(1).padStart(6)} MB  ${file}\n`,
    );
  };
  const write = (file: string, content: string): void => {
    writeFileSync(path.join(out, file), content);
    take(file);
  };

  const bundle = `${name}-${version}.mjs`;
  bundleProgram(project, path.join(out, bundle), { minify: true, legalComments: 'none' });
  chmodSync(path.join(out, bundle), 0o755);
  take(bundle);

  const libraries = runtimeLibraries(project);
  const licenses = renderLicenses(libraries);
  const executable = makeExecutable(release, node.binary);
  const single = `${name}-${version}-linux-${release.arch}`;
  copyFileSync(executable, path.join(out, single));
  take(single);

  const input = { executable, licenses, nodeLicense: node.license };
  take(makeDeb(release, input));
  const rpm = makeRpm(release, input);
  if (rpm !== undefined) take(rpm);
  else process.stdout.write('           no .rpm: rpmbuild is not installed (Debian: apt-get install rpm)\n');
  write(`${name}.bash`, renderBashCompletion(collectors));
  write(`_${name}`, renderZshCompletion(collectors));
  write(
    `${name}-${version}.licences.txt`,
    `${licenses}\n\n== Node.js\n\n${readFileSync(node.license, 'utf8')}`,
  );
  write(`${name}-${version}.cdx.json`, makeSbom(release, libraries));
  write('SHA256SUMS', made.map((file) => `${sum(path.join(out, file))}  ${file}\n`).join(''));
}

function sum(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

process.exit(main(process.argv.slice(2)));
