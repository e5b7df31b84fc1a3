import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../../../demo/ports.ts';
import { type Asking, startPrometheus, startServer } from '../../artifacts/dashboards/prometheus.ts';
import { startVictoriaMetrics } from '../../artifacts/dashboards/victoria-metrics.ts';
import { findTool, type ToolName } from '../../support/tools.ts';
import { type OwnMetrics, readOwnMetrics } from './own-metrics.ts';
import type { Rules } from './rules.ts';

/** What stores the series of a fleet and evaluates the rules. */
export interface Engine {
  readonly name: string;
  readonly needs: readonly ToolName[];
  readonly start: (setup: Setup) => Promise<Started>;
}

export interface Setup {
  /** OpenMetrics text, to be put into its storage first. */
  readonly historyFile: string;
  readonly rules: Rules;
  readonly scrape: object;
}

export interface Started extends Asking {
  readonly pids: readonly number[];
  readonly read: () => Promise<OwnState>;
  readonly close: () => Promise<void>;
}

/** What the programs count of themselves, since their start. */
export interface OwnState {
  readonly series: number;
  readonly samples: number;
  readonly missed: number;
  /** The last evaluation of each rule group; `at` is another one for each evaluation. */
  readonly evaluations: ReadonlyMap<string, { readonly at: number; readonly seconds: number }>;
}

const prometheus = (name: string, program: 'prometheus' | 'prometheus-2.53' | 'prometheus-3'): Engine => ({
  name,
  needs: [program, 'promtool'],
  start: async ({ historyFile, rules, scrape }) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-fleet-rules-'));
    const file = path.join(folder, 'rules.yml');
    writeFileSync(file, stringify(rules, { lineWidth: 0, aliasDuplicateObjects: false }));
    const config = { ...scrape, rule_files: [file] };
    const server = await startPrometheus({ historyFile, firstPort: 24_500, program, config });
    const close = async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return {
      ...server,
      pids: [server.pid],
      close,
      read: async () => ofPrometheus(await readOwnMetrics(server.url)),
    };
  },
});

function ofPrometheus(own: OwnMetrics): OwnState {
  const ats = own.by('prometheus_rule_group_last_evaluation_timestamp_seconds', 'rule_group');
  const durations = own.by('prometheus_rule_group_last_duration_seconds', 'rule_group');
  return {
    series: own.sum('prometheus_tsdb_head_series'),
    samples: own.sum('prometheus_tsdb_head_samples_appended_total'),
    missed: own.sum('prometheus_rule_group_iterations_missed_total'),
    evaluations: new Map(
      [...durations].flatMap(([group, seconds]) => {
        const at = ats.get(group) ?? 0;
        return at > 0 ? [[group.replace(/^.*;/, ''), { at, seconds }] as const] : [];
      }),
    ),
  };
}

/** VictoriaMetrics that scrapes, and vmalert beside it. */
const victoriaMetrics: Engine = {
  name: 'VictoriaMetrics and vmalert',
  needs: ['victoria-metrics', 'vmalert'],
  start: async ({ historyFile, rules, scrape }) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-fleet-vm-'));
    const scrapeFile = path.join(folder, 'scrape.json');
    writeFileSync(scrapeFile, JSON.stringify(scrape));
    const storage = await startVictoriaMetrics({
      program: 'victoria-metrics',
      firstPort: 24_600,
      historyFile,
      flags: [`-promscrape.config=${scrapeFile}`, '-memory.allowedPercent=25'],
    });
    const rulesFile = path.join(folder, 'rules.yml');
    writeFileSync(
      rulesFile,
      stringify(inVmalertWords(rules), { lineWidth: 0, aliasDuplicateObjects: false }),
    );
    const address = `127.0.0.1:${await freePort(24_700)}`;
    mkdirSync(path.join(folder, 'vmalert'));
    const alerter = await startServer({
      program: 'vmalert',
      args: [
        `-rule=${rulesFile}`,
        ...['datasource', 'remoteRead', 'remoteWrite'].map((flag) => `-${flag}.url=${storage.url}`),
        '-notifier.blackhole',
        '-rule.evalDelay=0s',
        `-httpListenAddr=${address}`,
      ],
      readyAt: `http://${address}/health`,
      folder: path.join(folder, 'vmalert'),
    });
    const counts = new Map<string, { readonly at: number; readonly sum: number }>();
    return {
      now: storage.now,
      over: storage.over,
      pids: [storage.pid, alerter.pid],
      read: async () =>
        ofVictoria(await readOwnMetrics(storage.url), await readOwnMetrics(`http://${address}`), counts),
      close: async () => {
        await alerter.close();
        await storage.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

/** vmalert counts and sums evaluations: the last one is the difference to what was read before. */
function ofVictoria(
  storage: OwnMetrics,
  alerter: OwnMetrics,
  counts: Map<string, { readonly at: number; readonly sum: number }>,
): OwnState {
  const sums = alerter.by('vmalert_iteration_duration_seconds_sum', 'group');
  const evaluations = new Map<string, { at: number; seconds: number }>();
  for (const [group, at] of alerter.by('vmalert_iteration_duration_seconds_count', 'group')) {
    const sum = sums.get(group) ?? 0;
    const before = counts.get(group) ?? { at: 0, sum: 0 };
    if (at > before.at) evaluations.set(group, { at, seconds: (sum - before.sum) / (at - before.at) });
    counts.set(group, { at, sum });
  }
  return {
    series: storage.sum('vm_cache_entries', 'type="storage/hour_metric_ids"'),
    samples: storage.sum('vm_rows_inserted_total'),
    missed: alerter.sum('vmalert_iteration_missed_total'),
    evaluations,
  };
}

function inVmalertWords(rules: Rules): Rules {
  const text = JSON.stringify(rules).replaceAll('ignoring (alertname,', 'ignoring (alertgroup, alertname,');
  return { ...(JSON.parse(text) as Rules) };
}

export const engines: Readonly<Record<string, Engine>> = {
  prometheus: prometheus('Prometheus 2.42', 'prometheus'),
  'prometheus-2.53': prometheus('Prometheus 2.53', 'prometheus-2.53'),
  'prometheus-3': prometheus('Prometheus 3', 'prometheus-3'),
  'victoria-metrics': victoriaMetrics,
};

export const isThere = ({ needs }: Engine): boolean => needs.every((name) => findTool(name) !== undefined);
