import { collectors } from '../../../src/collectors/index.ts';
import { commands } from '../../../src/config/commands.ts';
import { listOptions } from '../../../src/config/options.ts';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { findingMetrics } from '../../../src/metrics/finding.ts';
import { forecastMetrics } from '../../../src/metrics/forecast.ts';
import { findingCodes } from '../../../src/rules/evaluate.ts';
import { answers } from '../../../src/web/api/responses.ts';

/** What dashboards, alerts, scripts and configurations of others rely on. */
export interface Interface {
  /** Labels and type by the name of the metric. */
  readonly metrics: Readonly<Record<string, { readonly type: string; readonly labels: readonly string[] }>>;
  /** The default by flag; null where there is none. */
  readonly options: Readonly<Record<string, string | null>>;
  readonly commands: readonly string[];
  readonly findings: readonly string[];
  /** The keys of each JSON answer, by what was requested. */
  readonly answers: Readonly<Record<string, readonly string[]>>;
}

export function describeInterface(): Interface {
  const metrics = [...catalogue.flatMap((section) => section.metrics), ...forecastMetrics, ...findingMetrics];
  const options = listOptions(collectors);
  return {
    metrics: Object.fromEntries(metrics.map(({ name, type, labels }) => [name, { type, labels }])),
    options: Object.fromEntries(options.map((option) => [`--${option.flag}`, option.default ?? null])),
    commands: commands.map(({ name, operands }) => [name, ...operands].join(' ')),
    findings: findingCodes,
    answers: Object.fromEntries(Object.entries(answers).map(([request, { keys }]) => [request, keys])),
  };
}

/** A promise that is broken, and the words that the changelog must have for it. */
export interface Broken {
  readonly what: string;
  readonly words: readonly string[];
}

/** What was there before and is no more, or means something else. What was added breaks nothing. */
export function compareInterfaces(before: Interface, now: Interface): readonly Broken[] {
  return [
    ...Object.entries(before.metrics).flatMap(([name, { type, labels }]) => {
      const kept = now.metrics[name];
      if (kept === undefined) return [{ what: `metric ${name} is gone`, words: [name] }];
      const changed =
        kept.type === type
          ? []
          : [{ what: `metric ${name} is a ${kept.type}, not a ${type}`, words: [name, kept.type] }];
      const lost = labels.filter((label) => !kept.labels.includes(label));
      return [
        ...changed,
        ...lost.map((label) => ({ what: `metric ${name} lost its label ${label}`, words: [name, label] })),
      ];
    }),
    ...Object.entries(before.options).flatMap(([flag, value]) => {
      const kept = now.options[flag];
      if (kept === undefined) return [{ what: `option ${flag} is gone`, words: [flag] }];
      return kept === value
        ? []
        : [{ what: `option ${flag} is ${kept} by default, not ${value}`, words: [flag, kept ?? ''] }];
    }),
    ...gone('command', before.commands, now.commands),
    ...gone('finding', before.findings, now.findings),
    ...Object.entries(before.answers).flatMap(([request, keys]) =>
      keys
        .filter((key) => !now.answers[request]?.includes(key))
        .map((key) => ({ what: `${request} lost its key ${key}`, words: [request, key] })),
    ),
  ];
}

function gone(kind: string, before: readonly string[], now: readonly string[]): readonly Broken[] {
  return before
    .filter((name) => !now.includes(name))
    .map((name) => ({ what: `${kind} ${name} is gone`, words: [name] }));
}

/** Those that no line of the changelog after that release names. A line and what is indented below it are one. */
export function untold(broken: readonly Broken[], changelog: string, since: string): readonly string[] {
  const [news = ''] = changelog.split(`\n## ${since}`);
  const entries = news.split(/\n(?=- |#)/);
  return broken
    .filter(({ words }) => !entries.some((entry) => words.every((word) => hasWord(entry, word))))
    .map(({ what }) => what);
}

/** As a whole: `thinpool_data` does not name `thinpool_data_used_bytes`. */
function hasWord(text: string, word: string): boolean {
  const literal = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${literal}(?![\\w-]|\\.\\w)`).test(text);
}
