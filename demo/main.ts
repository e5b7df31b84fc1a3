import { existsSync } from 'node:fs';
import path from 'node:path';
import { openWebhook } from './alerting/webhook.ts';
import { type Alerting, findPrograms, prepareAlerting, ruleFile } from './alerting.ts';
import { startExporter, stopExporter } from './exporter.ts';
import { type DemoOptions, parseOptions, usage } from './options.ts';
import type { DemoPlaces } from './paths.ts';
import { Show } from './show.ts';
import { openSimulator, type Simulator } from './simulator.ts';
import { openSupervisor } from './supervisor.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** Runs the demo to its end and returns the exit code. */
export async function main(args: readonly string[], places: DemoPlaces): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const options = readOptions(args);
  if (options === undefined) return 2;
  if (!existsSync(places.exporter)) return complain('the exporter is not built; run npm run build');
  const simulator = openSimulator(places.tools);
  try {
    return await run({ options, simulator, places, terminal: openTerminal(process.stdout, process.env) });
  } finally {
    simulator.close();
  }
}

function readOptions(args: readonly string[]): DemoOptions | undefined {
  try {
    return parseOptions(args);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function complain(sentence: string): number {
  process.stderr.write(`demo: ${sentence}\n`);
  return 2;
}

interface Demo {
  readonly options: DemoOptions;
  readonly simulator: Simulator;
  readonly places: DemoPlaces;
  readonly terminal: Terminal;
}

async function run(demo: Demo): Promise<number> {
  const { options, simulator, places, terminal } = demo;
  const wished = wishToEnd(options);
  const supervisor = openSupervisor(places.supervisor, simulator.folder, (name) =>
    terminal.say(`${name} has stopped; the demo continues without it.`),
  );
  simulator.show(options.from);
  const exporter = await startExporter(places, simulator, options.rest);
  terminal.say(
    `This is a simulated host. Open ${exporter.url}/ or ${exporter.url}/metrics. Stop with Ctrl-C.`,
  );
  const show = new Show({
    terminal,
    simulator,
    speed: options.speed,
    from: options.from,
    exporter: exporter.url,
  });
  const webhook = await openWebhook(0, (message) => void show.hear(message));
  const alerting = await prepare(demo, { exporter: exporter.address, webhook: webhook.address });
  for (const program of alerting?.programs ?? []) supervisor.start(program);
  void show.begin(alerting?.prometheus);
  const code = await Promise.race([exporter.ended, wished]);
  show.end();
  await Promise.all([stopExporter(exporter), supervisor.end()]);
  webhook.close();
  return code === 'wished' ? 0 : (code ?? 1);
}

/** Undefined if alerts are not wanted, or the programs are not installed. */
async function prepare(
  { options, simulator, places, terminal }: Demo,
  addresses: { readonly exporter: string; readonly webhook: string },
): Promise<Alerting | undefined> {
  if (!options.alerting) return undefined;
  const found = findPrograms(process.env['PATH']);
  if ('missing' in found) {
    terminal.say(found.missing);
    return undefined;
  }
  const { keepFiring } = options;
  const folder = path.join(simulator.folder, 'alerting');
  const alerting = await prepareAlerting(found, { shipped: places.alerts, folder, keepFiring, ...addresses });
  terminal.say(
    `Prometheus: ${alerting.prometheus}/alerts, Alertmanager: ${alerting.alertmanager}, with alerts/${ruleFile}${keepFiring ? '' : ', without keep_firing_for'}. The story begins after their first scrape of the exporter.`,
  );
  return alerting;
}

/**
 * A signal, the end of --for, or a closed output. Ctrl-C reaches the exporter too; the second signal does no harm.
 */
function wishToEnd({ forMs }: DemoOptions): Promise<'wished'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve('wished'));
    process.stdout.on('error', () => resolve('wished'));
    if (forMs !== undefined) setTimeout(() => resolve('wished'), forMs);
  });
}
