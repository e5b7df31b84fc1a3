import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { renderHelp } from '../../../src/cli/help.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { commands } from '../../../src/config/commands.ts';

const project = path.resolve(import.meta.dirname, '../../..');

function filesIn(folder: string, wanted: RegExp): readonly string[] {
  return readdirSync(path.join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => wanted.test(file))
    .map((file) => path.join(folder, file));
}

const read = (file: string) => readFileSync(path.join(project, file), 'utf8');

const npm = /\bnp[mx] (?:run|ci|start|test|exec)\b/;

/** What a person sees who installed a package, the image or the chart. */
const seen: readonly (readonly [string, string])[] = [
  ...commands.map(({ name }) => [`help ${name}`, renderHelp(collectors, name)] as const),
  ...['src', 'demo']
    .flatMap((folder) => filesIn(folder, /\.ts$/))
    .map((file) => [file, withoutComments(read(file))] as const),
  ...filesIn('deploy/packages', /./)
    .filter((file) => path.extname(file) !== '' || /postinst|prerm|postrm/.test(file))
    .map((file) => [file, read(file)] as const),
  ...filesIn('deploy/helm', /\.(?:txt|tpl|ya?ml|md)$/).map((file) => [file, read(file)] as const),
  ...filesIn('docs/runbooks', /\.md$/).map((file) => [file, read(file)] as const),
  ...filesIn('docs/reference', /\.md$/).map((file) => [file, read(file)] as const),
  ...filesIn('alerts', /\.ya?ml$/).map((file) => [file, read(file)] as const),
];

it.each(seen)('%s leaves npm to developers', (_, text) => {
  expect(text.split('\n').filter((line) => npm.test(line))).toEqual([]);
});

it.each(filesIn('docs/guide', /\.md$/))(
  '%s has npm among its commands only for a checkout, and says so',
  (file) => {
    const blocks = [...read(file).matchAll(/^```sh\n(?<block>.*?)^```/gms)].map(
      ({ groups }) => groups?.['block'] ?? '',
    );
    const lines = blocks.flatMap((block) => block.split('\n'));
    expect(lines.filter((line) => npm.test(line) && !line.includes('checkout'))).toEqual([]);
  },
);

/** Comments are not shown to a user. */
function withoutComments(code: string): string {
  return code.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/^\s*\/\/.*$/gm, '');
}
