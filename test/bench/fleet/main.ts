import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { secondMs } from '../../../src/model/units.ts';
import { readRules } from '../../artifacts/alerts/unit/promtool.ts';
import { type PrometheusName, prometheuses, startPrometheus } from '../../artifacts/dashboards/prometheus.ts';
import { findTool } from '../../support/tools.ts';
import { windowsOf, writeHistory } from './backfill.ts';
import { countSeries, expositionsOf } from './expositions.ts';
import { kinds } from './host.ts';
import { measurePanels, rangeSeconds, shownOverTime, watchServer } from './measure.ts';
import { type FleetResult, renderFleetCost, type SeriesCount } from './page.ts';
import { makeExpositions, serveTargets } from './targets.ts';

const project = path.resolve(import.meta.dirname, '../../..');

const options = {
  hosts: { type: 'string', default: '10,100,1000' },
  rules: { type: 'string', default: path.join(project, 'alerts/thinpool.rules.yml') },
  on: { type: 'string', default: prometheuses.join(',') },
  interval: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '330' },
  write: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const usage = `npm run bench -- fleet [options]
  --hosts LIST     numbers of hosts, comma-separated (default: 10,100,1000)
  --rules FILE     other rules than the shipped ones
  --on LIST        which Prometheus: prometheus, prometheus-3 (default: both, if they are there)
  --interval N     scrape interval in seconds (default: 5)
  --seconds N      how long to watch; the slowest group is evaluated every five minutes (default: 330)
  --write          writes docs/behaviour/fleet-cost.md`;

/** What a Prometheus costs that scrapes a fleet, and how long its rules and the fleet dashboard take. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const programs = prometheuses.filter(
    (name) => values.on.split(',').includes(name) && findTool(name) !== undefined,
  );
  const results: FleetResult[] = [];
  for (const hosts of values.hosts.split(',').map(Number))
    for (const program of programs) {
      const result = await measure({
        hosts,
        program,
        rules: path.resolve(values.rules),
        scrapeSeconds: Number(values.interval),
        seconds: Number(values.seconds),
      });
      console.log(JSON.stringify(result));
      results.push(result);
    }
  const page = renderFleetCost(results, await countAll());
  console.log(page);
  if (values.write) writeFileSync(path.join(project, 'docs/behaviour/fleet-cost.md'), page);
  return 0;
}

interface Run {
  readonly hosts: number;
  readonly program: PrometheusName;
  readonly rules: string;
  readonly scrapeSeconds: number;
  readonly seconds: number;
}

async function measure(run: Run): Promise<FleetResult> {
  const { hosts, program, rules, scrapeSeconds, seconds } = run;
  const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-fleet-'));
  const now = Math.floor(Date.now() / secondMs) - scrapeSeconds;
  const made = await makeExpositions(hosts, now * secondMs);
  const targets = await serveTargets(hosts, made);
  const file = path.join(folder, 'history.txt');
  const windows = windowsOf(readRules(readFileSync(rules, 'utf8')), scrapeSeconds);
  const known = new Set(windows.map(({ metric }) => metric));
  const shown = shownOverTime()
    .filter((metric) => !known.has(metric))
    .map((metric) => ({ metric, seconds: rangeSeconds, step: scrapeSeconds }));
  const backfilled = writeHistory(file, [...windows, ...shown], { hosts, made, now });
  console.error(`${hosts} hosts: ${backfilled} samples to fill in, ${statSync(file).size} bytes`);
  const server = await startPrometheus({
    historyFile: file,
    firstPort: 24_500,
    program,
    config: {
      global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${Math.max(1, scrapeSeconds - 1)}s` },
      rule_files: [rules],
      scrape_configs: [{ job_name: 'thinpool', static_configs: targets.configs }],
    },
  });
  try {
    const watched = await watchServer(server, seconds);
    const panels = await measurePanels(server);
    return { hosts, program, scrapeSeconds, backfilled, ...watched, panels };
  } finally {
    await server.close();
    await targets.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Series of one host of each kind. */
async function countAll(): Promise<readonly SeriesCount[]> {
  const counts: SeriesCount[] = [];
  for (const kind of kinds) {
    const count = async (set: 'essential' | 'all') => {
      const place = { number: 1, kind, pools: 2, volumes: 20 };
      const [text] = await expositionsOf(place, [Date.UTC(2026, 0, 1)], { set, detailedVolumes: 1 });
      return [...countSeries(String(text)).values()].reduce((sum, series) => sum + series, 0);
    };
    counts.push({ kind, essential: await count('essential'), all: await count('all') });
  }
  return counts;
}
