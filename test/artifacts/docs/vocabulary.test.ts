import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderManPage } from '../../../scripts/release/packages/man-page.ts';
import { renderHelp } from '../../../src/cli/help.ts';
import { describeNeeds } from '../../../src/collectors/collector.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { kernelMessageKinds } from '../../../src/collectors/kernel/message.ts';
import { type Command, commands } from '../../../src/config/commands.ts';
import { listOptions } from '../../../src/config/options.ts';
import { alertmanagerMetrics } from '../../../src/metrics/alertmanager.ts';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { clockMetrics } from '../../../src/metrics/clock.ts';
import { configMetrics } from '../../../src/metrics/config.ts';
import { findingMetrics, mutedMetrics, pendingMetrics } from '../../../src/metrics/finding.ts';
import { forecastMetrics } from '../../../src/metrics/forecast.ts';
import { notifyMetrics } from '../../../src/metrics/notify.ts';
import { createSelfRegistry } from '../../../src/metrics/process.ts';
import { accessMetrics } from '../../../src/metrics/web-config.ts';
import { bannedPhrases, explain, findBannedPhrases } from '../../support/banned-phrases.ts';
import { glossary, plainWords } from '../../support/glossary.ts';
import { proseIn } from '../../support/prose.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const phrases = [...bannedPhrases, ...glossary];

/** What a text says that it must not; `place` is for the message. */
function judge(place: string, text: string, words = phrases): readonly string[] {
  return findBannedPhrases(withoutNames(text), words).map((use) => explain(place, use));
}

/** Flags, paths, metrics, labels and codes have names of their own, which this test does not judge, and question marks. */
function withoutNames(text: string): string {
  return text.replaceAll(/`[^`]*`|--[\w.-]+|\/[\w./-]+|\w+_\w+|\b\w+(?:-\w+)+\b|question marks?/g, ' ');
}

it('finds a word that the glossary replaces, and no name', () => {
  expect(judge('x', 'The source pools is asked.')).toEqual([
    expect.stringContaining('"source" → use collector'),
    expect.stringContaining('"asked" → use query'),
  ]);
  expect(
    judge('x', '--web.source, /api/v1/collectors/X, thinpool_collector_up, collector-failing, `ask`'),
  ).toEqual([]);
});

const metrics = [
  ...catalogue.flatMap((section) => section.metrics),
  ...forecastMetrics,
  ...findingMetrics,
  ...clockMetrics,
  ...pendingMetrics,
  ...mutedMetrics,
  ...accessMetrics,
  ...configMetrics,
  ...alertmanagerMetrics,
  ...notifyMetrics,
];
const self = createSelfRegistry('0')
  .getMetricsAsArray()
  .filter(({ name }) => name.startsWith('thinpool_'));

describe('help', () => {
  const texts: readonly (readonly [place: string, text: string])[] = [
    ...listOptions(collectors).flatMap(({ flag, help, type }) => [
      [`--${flag}`, help] as const,
      [`the values of --${flag}`, type.expects] as const,
    ]),
    ...commands.map((command) => [command.name, [command.summary, detailsOf(command)].join('\n')] as const),
    ...collectors.map(
      ({ name, help, needs }) => [`collector ${name}`, `${help}\n${describeNeeds(needs)}`] as const,
    ),
    ['--help', renderHelp(collectors)],
    ['the man page', renderManPage({ version: '0', date: '2026-01-31', collectors }).replaceAll('\\-', '-')],
  ];

  it.each(texts)('of %s is in words of the glossary', (place, text) => {
    expect(judge(place, text)).toEqual([]);
  });
});

describe('metric HELP', () => {
  it.each([...metrics, ...self].map(({ name, help }) => [name, help] as const))(
    'of %s is one sentence in words of the glossary',
    (name, help) => {
      expect(judge(name, help)).toEqual([]);
      expect(help).toMatch(/^[A-Z\d].*[^.]\.$/);
      // "Docker 1.12" has a dot, a second sentence has a space and a capital behind it.
      expect(help).not.toMatch(/[.!?] [A-Z]/);
    },
  );

  it.each(kernelMessageKinds.map(({ kind, help }) => [kind, help] as const))('kind %s, too', (kind, help) => {
    expect(judge(kind, help)).toEqual([]);
  });
});

describe('log messages', () => {
  const messages = filesOf('src', /\.ts$/).flatMap((file) =>
    messagesIn(readFileSync(join(project, file), 'utf8')).map((message) => ({ file, message })),
  );

  it('are found', () => {
    expect(messages.length).toBeGreaterThan(25);
    expect(messagesIn("log.warn({ a: f('x)', [1]) }, 'Failed: (why)');\nlog.info(fields, message);")).toEqual(
      ["'Failed: (why)'", 'message'],
    );
  });

  it.each(messages)('$file: $message', ({ file, message }) => {
    // A command that reads once passes on what the monitor logs, at another level.
    if (file === 'src/cli/collect-once.ts' && message === 'message') return;
    // Static, so that it can be searched for: everything variable is a field.
    expect(message).toMatch(/^'(?:[A-Z]|systemd)[^']*[^.']'$/);
    expect(judge(file, message)).toEqual([]);
  });
});

function detailsOf(command: Command): string {
  return command.details ?? '';
}

/** The last argument of each call such as `log.warn(fields, message)`, as it is written. */
function messagesIn(code: string): readonly string[] {
  return [...code.matchAll(/\blog\.(?:debug|info|warn|error)\(/g)].map(({ 0: call, index }) =>
    lastArgument(code.slice(index + call.length)),
  );
}

function lastArgument(code: string): string {
  let depth = 0;
  let start = 0;
  for (const { 0: part, index } of code.matchAll(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[([{}\]),]/g)) {
    if (/^[([{]$/.test(part)) depth += 1;
    else if (part === ')' && depth === 0) return code.slice(start, index).trim().replace(/,$/, '');
    else if (/^[)\]}]$/.test(part)) depth -= 1;
    else if (part === ',' && depth === 0 && !/^\s*\)/.test(code.slice(index + 1))) start = index + 1;
  }
  return code;
}

describe('headings of docs', () => {
  const files = ['README.md', 'CONTRIBUTING.md', ...filesOf('docs', /\.md$/)];
  const problemsOf = (file: string) => judge(file, headingsIn(readFileSync(join(project, file), 'utf8')));

  it.each(files)('%s', (file) => {
    expect(problemsOf(file)).toEqual([]);
  });
});

function headingsIn(markdown: string): string {
  const prose = markdown.replaceAll(/^ *```.*?^ *```$/gms, (fence) => fence.replaceAll(/[^\n]/g, ''));
  return prose.replaceAll(/^(?!#+ ).*$/gm, '');
}

describe('file names of src', () => {
  const files = filesOf('src', /\.ts$/);
  // A sentence may say that a thing holds; as a name of a thing it is one that the glossary calls blocked.
  const names = [...phrases, { phrase: 'hold', use: 'blocked', because: 'A blocked query is not run.' }];
  const problemsOf = (file: string) =>
    findBannedPhrases(file.replace(/\.ts$/, '').replaceAll(/[/-]/g, ' '), names);

  it('are found', () => {
    expect(files.length).toBeGreaterThan(200);
  });

  it('are in words of the glossary', () => {
    const wrong = files.filter((file) => problemsOf(file).length > 0);
    expect(wrong).toEqual([]);
  });
});

/** Sentences need some words of the glossary's right column, such as "way" or "look": these are not judged here. */
describe('prose', () => {
  const words = [...bannedPhrases, ...plainWords];
  const read = (file: string) => readFileSync(join(project, file), 'utf8');
  const code = ['src', 'demo', 'scripts', 'alerts', 'dashboards', 'deploy', 'test'].map(
    (folder) => [folder, filesOf(folder, /\.(?:ts|mjs)$/)] as const,
  );

  it('is found: comments and names of tests, with their lines', () => {
    const comments =
      "a(); // It asks.\nit('tells', () => {\n  f('whoever');\n  // For ever.\n});\n/** Said `told`. */\n";
    expect(judge('x', proseIn(comments), words)).toEqual([
      expect.stringContaining('x:1: "asks"'),
      expect.stringContaining('x:2: "tells"'),
      expect.stringContaining('x:4: "for ever"'),
    ]);
  });

  it.each(code)('of the code in %s is plain', (_, files) => {
    expect(files.flatMap((file) => judge(file, proseIn(read(file)), words))).toEqual([]);
  });

  const texts = [
    '.dependency-cruiser.mjs',
    ...filesOf('test', /(?:^|\/)README\.md$/),
    ...filesOf('deploy/packages', /\.\w+$|\/deb\/\w+$/),
    ...filesOf('deploy/helm', /\.(?:yaml|md|txt)$/),
  ];

  it.each(texts)('of %s is plain', (file) => {
    expect(judge(file, read(file), words)).toEqual([]);
  });
});

function filesOf(folder: string, name: RegExp): readonly string[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => name.test(file) && !file.includes('/node_modules/'))
    .sort();
}
