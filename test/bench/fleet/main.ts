import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { secondMs } from '../../../src/model/units.ts';
import { windowsOf, writeHistory } from './backfill.ts';
import { type Engine, engines, isThere } from './engines.ts';
import { countSeries, expositionsOf } from './expositions.ts';
import { kinds } from './host.ts';
import { measurePanels, rangeSeconds, shownOverTime, watchServer } from './measure.ts';
import { type FleetResult, renderFleetCost, type SeriesCount } from './page.ts';
import { readHastened } from './rules.ts';
import { makeExpositions, serveTargets } from './targets.ts';

const project = path.resolve(import.meta.dirname, '../../..');

const options = {
  hosts: { type: 'string', default: '10,100,1000' },
  rules: { type: 'string', default: path.join(project, 'alerts/thinpool.rules.yml') },
  on: { type: 'string', default: 'prometheus,prometheus-3,victoria-metrics' },
  interval: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '65' },
  write: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const usage = `npm run bench -- fleet [options]
  --hosts LIST     numbers of hosts, comma-separated (default: 10,100,1000)
  --rules FILE     other rules than the shipped ones
  --on LIST        of ${Object.keys(engines).join(', ')} (default: ${options.on.default}, those that are there)
  --interval N     scrape interval in seconds (default: 5)
  --seconds N      how long to watch; every group is evaluated once a minute or more often (default: 65)
  --write          writes docs/behaviour/fleet-cost.md`;

/** History that panels read is filled in as if it had been scraped this often, or else a fleet of thousands would take hours. Seconds. */
const filledEvery = 15;

/** What a server costs that scrapes a fleet, and how long the rules and the fleet dashboard take there. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const chosen = values.on.split(',').flatMap((name) => engines[name] ?? []);
  const results: FleetResult[] = [];
  for (const hosts of values.hosts.split(',').map(Number))
    for (const engine of chosen.filter(isThere)) {
      const result = await measure({
        hosts,
        engine,
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
  readonly engine: Engine;
  readonly rules: string;
  readonly scrapeSeconds: number;
  readonly seconds: number;
}

async function measure(run: Run): Promise<FleetResult> {
  const { hosts, engine, scrapeSeconds, seconds } = run;
  const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-fleet-'));
  const now = Math.floor(Date.now() / secondMs) - scrapeSeconds;
  const made = await makeExpositions(hosts, now * secondMs);
  const targets = await serveTargets(hosts, made);
  const historyFile = path.join(folder, 'history.txt');
  const { rules, paces } = readHastened(readFileSync(run.rules, 'utf8'));
  const windows = windowsOf(rules, filledEvery);
  const known = new Set(windows.map(({ metric }) => metric));
  const shown = shownOverTime()
    .filter((metric) => !known.has(metric))
    .map((metric) => ({ metric, seconds: rangeSeconds, step: filledEvery }));
  const backfilled = writeHistory(historyFile, [...windows, ...shown], { hosts, made, now });
  console.error(
    `${engine.name}, ${hosts} hosts: ${backfilled} samples to fill in, ${statSync(historyFile).size} bytes`,
  );
  const server = await engine.start({
    historyFile,
    rules,
    scrape: {
      global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${Math.max(1, scrapeSeconds - 1)}s` },
      scrape_configs: [{ job_name: 'thinpool', static_configs: targets.configs }],
    },
  });
  try {
    const watched = await watchServer(server, seconds, paces);
    const panels = await measurePanels(server);
    return { hosts, engine: engine.name, scrapeSeconds, backfilled, ...watched, panels };
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
