import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectors } from '../../../src/collectors/index.ts';
import { findStrayVariables } from '../../../src/config/environment.ts';
import { load } from '../../../src/config/load.ts';
import { listOptions } from '../../../src/config/options.ts';
import { findingCodes } from '../../../src/rules/evaluate.ts';
import { blocksOf, commandsIn, documents } from '../../support/documents.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const read = (file: string) => readFileSync(join(project, file), 'utf8');
const options = listOptions(collectors);
const flags = new Set(['--version', '--help', ...options.map(({ flag }) => `--${flag}`)]);
/** Words of the man page and of demos stand for a number of options. */
const patterns = [/^--collector\.(?:[A-Z]+|X)(?:\.\w+)?$/, /^--nearly-full\.$/];
const metrics = new Set(
  [...read('docs/reference/metrics.md').matchAll(/`(thinpool_\w+)`/g)].map(([, name]) => name),
);
const records = new Set(
  [...read('docs/reference/alerts.md').matchAll(/`(thinpool\w*:[\w:]+)`/g)].map(([, name]) => name),
);
/** The beginning of several names, or of one that a command searches for. */
const beginnings = /_$|^thinpool_exporter_clock$/;

/** Where a command that is not ours is run as it stands, or checked as far as that goes. Runbooks have a test of their own. */
const triedIn: readonly (readonly [command: RegExp, file: string, evidence: string])[] = [
  [/^vmagent -promscrape/, 'test/e2e/victoria-metrics.test.ts', '-promscrape.config='],
  [/^vmalert .*-dryRun/, 'test/e2e/victoria-metrics.test.ts', "'-dryRun'"],
  [/^vmalert .*-notifier/, 'test/e2e/victoria-metrics.test.ts', '-notifier.url='],
  [/^victoria-metrics -search/, 'test/artifacts/dashboards/victoria-metrics.ts', '-search.latencyOffset='],
  [/^npm (?:ci|start|test|run (?:demo|package|image|lab)\b)/, '.ci/bare-machine', 'npm ci'],
  [
    /^(?:apt install|dnf install|node|install) \S*thinpool-exporter[-_]/,
    'test/e2e/packages/readme.test.ts',
    'byApt',
  ],
  [
    /^(?:sed|install -m 644|systemctl (?:daemon-reload|enable --now thinpool-exporter)$)/,
    'test/artifacts/docs/blocks.test.ts',
    'As a service',
  ],
  [/^(?:vgextend|lvextend) /, 'docs/runbooks/extend.md', '<!-- tried: extend-new-disk -->'],
  [/^systemctl restart thinpool-exporter$/, 'docs/guide/install.md', 'systemctl restart thinpool-exporter'],
  [/^journalctl -u thinpool-exporter /, 'test/support/shell.ts', 'journalctl'],
  [/^curl -sm \d /, 'test/support/shell.ts', 'curl -sm'],
  [/^docker (?:load|run) /, 'test/lab/guest/image.ts', "readBlock(lab, 'docker load ')"],
  [/^docker build /, 'test/e2e/docker-build/docker-build.test.ts', 'docker build'],
  [/^docker compose /, 'demo/compose/README.md', 'Not run yet'],
  [/^(?:helm install|kubectl (?:apply|label)) /, 'test/lab/scenarios/kubernetes.ts', 'helm'],
  [/^helm template /, 'test/artifacts/deploy/render.ts', "verb = 'template'"],
  [/^promtool check rules /, 'test/artifacts/alerts/configuration.test.ts', "'check', 'rules'"],
  [/^amtool (?:check-config|config routes test) /, 'test/artifacts/alerts/configuration.test.ts', "'routes'"],
  [/^amtool (?:silence|alert) /, 'test/e2e/amtool.test.ts', 'amtool'],
  [/^(?:cosign|sha256sum) /, 'SECURITY.md', 'has not run yet'],
  [/^apt-get install .*prometheus-alertmanager/, '.ci/run', 'prometheus-alertmanager'],
];

const inGuides = documents.filter(({ file }) => !file.startsWith('docs/runbooks/'));

/** Commands in the text, such as "run `thinpool-exporter doctor`". */
function inlineCommands(text: string): readonly string[] {
  return [...text.replaceAll(/^ *```.*?^ *```$/gms, '').matchAll(/`(thinpool-exporter [a-z-][^`]*)`/g)].map(
    ([, command]) => command!.replaceAll('\\|', '|'),
  );
}

function ownCommands(text: string): readonly (readonly string[])[] {
  const scripts = [...blocksOf(text, 'sh'), ...inlineCommands(text), ...text.matchAll(/^\$ (.*)$/gm)].map(
    (one) => (typeof one === 'string' ? one : one[1]!),
  );
  return scripts
    .flatMap(commandsIn)
    .filter((words) => words[0] === 'thinpool-exporter')
    .map(([, ...argv]) => argv);
}

it('finds commands in scripts, and their words', () => {
  const script = `A=1 B=2 a -x 'b c' "d|e" > out.txt   # it's so; f\n# g\nh \\\n  i | j && k '[::1]:1' 2>/dev/null; l\nA=1\n`;
  expect(commandsIn(script)).toEqual([['a', '-x', 'b c', 'd|e'], ['h', 'i'], ['j'], ['k', '[::1]:1'], ['l']]);
});

it('finds what it looks for', () => {
  expect(documents.length).toBeGreaterThan(60);
  expect(documents.flatMap(({ text }) => ownCommands(text)).length).toBeGreaterThan(70);
});

describe.each(documents)('$file', ({ text }) => {
  it('has commands of ours that the program accepts', () => {
    for (const argv of ownCommands(text)) {
      const loaded = load({ argv, environment: {}, readText: () => '', collectors, findingCodes });
      expect(loaded.kind, `${argv.join(' ')}: ${JSON.stringify(loaded)}`).not.toBe('wrong');
    }
  });

  it('names options and metrics that exist', () => {
    const named = [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*(?:\.[A-Za-z-]+)+/g)].map(([flag]) => flag);
    const ours = named.filter((flag) => !patterns.some((pattern) => pattern.test(flag)));
    expect(ours.filter((flag) => !flags.has(flag))).toEqual([]);
    const used = [...text.matchAll(/\bthinpool_\w+(?::\w+)*/g)].map(([name]) => name);
    expect(used.filter((name) => !isMetric(name))).toEqual([]);
  });

  it('sets variables that exist, to values that are valid', () => {
    for (const [line, name = '', value = ''] of text.matchAll(/\b(THINPOOL_[A-Z_]+)=(\S*?)(?=[`,;]|\s|$)/g)) {
      const environment = { [name]: value };
      expect(findStrayVariables(environment, options), line).toEqual([]);
      const { kind } = load({ argv: ['serve'], environment, readText: () => '', collectors });
      expect(kind, line).toBe('run');
    }
  });
});

function isMetric(name: string): boolean {
  return metrics.has(name) || records.has(name) || beginnings.test(name) || /^thinpool_fleet$/.test(name);
}

describe.each(inGuides)('$file', ({ text }) => {
  it('has other commands only that are tried somewhere, or says that they are not', () => {
    const scripts = blocksOf(text, 'sh').filter((block) => !block.startsWith('#!'));
    const others = scripts.flatMap(commandsIn).filter(([word]) => word !== 'thinpool-exporter');
    for (const words of others) {
      const command = words.join(' ');
      const [, file, evidence] = triedIn.find(([pattern]) => pattern.test(command)) ?? [];
      expect(file, command).toBeDefined();
      expect(read(file!), command).toContain(evidence);
    }
  });
});

it('has a row only for commands that are in some document', () => {
  const commands = inGuides
    .flatMap(({ text }) => blocksOf(text, 'sh').flatMap(commandsIn))
    .map((words) => words.join(' '));
  expect(
    triedIn.filter(([pattern]) => !commands.some((command) => pattern.test(command))).map(String),
  ).toEqual([]);
});
