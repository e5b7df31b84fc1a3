import { existsSync } from 'node:fs';
import path from 'node:path';
import { openWebhook } from './alerting/webhook.ts';
import { type Alerting, findPrograms, prepareAlerting, ruleFile } from './alerting.ts';
import { givenAddress, type Started, startExporter, stopExporter } from './exporter.ts';
import { type DemoOptions, parseOptions, usage } from './options.ts';
import type { DemoPlaces } from './paths.ts';
import { isListening, whyTaken } from './ports.ts';
import { Show } from './show.ts';
import { openSimulator, type Simulator } from './simulator.ts';
import { stories } from './story.ts';
import { openSupervisor, type Supervisor } from './supervisor.ts';
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
  const taken = await whyTaken(givenAddress(options.rest) ?? '');
  if (taken !== undefined) return complain(taken);
  const simulator = openSimulator(places.tools, stories[options.story]);
  const terminal = openTerminal(process.stdout, process.env);
  let code: number | undefined;
  try {
    code = await run({ options, simulator, places, terminal });
  } finally {
    simulator.close();
  }
  terminal.say(closingLine(code));
  return code;
}

function closingLine(code: number): string {
  return code === 0
    ? 'The demo has ended; its programs are stopped, and its files are removed.'
    : `The exporter has ended with exit status ${code}, and the demo with it.`;
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
  const exporter = await startExporter(places, simulator, options);
  const over = new AbortController();
  const ending = Promise.race([exporter.ended, wished]).finally(() => over.abort());
  const close = (await isListening(exporter.address, over.signal))
    ? await present({ ...demo, exporter, supervisor, over: over.signal })
    : () => {};
  const code = await ending;
  close();
  // First the exporter: the supervisor removes the commands that it runs.
  await stopExporter(exporter);
  await supervisor.end();
  return code === 'wished' ? 0 : (code ?? 1);
}

interface Running extends Demo {
  readonly exporter: Started;
  readonly supervisor: Supervisor;
  /** Aborted when the demo ends. */
  readonly over: AbortSignal;
}

/** Announces the exporter, which listens already, and begins the story. Returns what ends it. */
async function present(running: Running): Promise<() => void> {
  const { options, simulator, terminal, exporter } = running;
  terminal.say(
    `This is a simulated host. Open ${exporter.url}/ or ${exporter.url}/metrics. Stop with Ctrl-C.`,
  );
  const { speed, from } = options;
  const { tellings } = stories[options.story];
  const show = new Show({ terminal, simulator, speed, from, tellings, exporter: exporter.url });
  const webhook = await openWebhook(0, (message) => void show.hear(message));
  const alerting = await startAlerting(running, webhook.address);
  if (!running.over.aborted) void show.begin(alerting?.prometheus);
  return () => {
    show.end();
    webhook.close();
  };
}

/** Undefined if alerts are not wanted, or the programs are not installed. */
async function startAlerting(
  { options, simulator, places, terminal, exporter, supervisor, over }: Running,
  webhook: string,
): Promise<Alerting | undefined> {
  if (!options.alerting) return undefined;
  const found = findPrograms(process.env['PATH']);
  if ('missing' in found) {
    terminal.say(found.missing);
    return undefined;
  }
  const { keepFiring } = options;
  const folder = path.join(simulator.folder, 'alerting');
  const addresses = { exporter: exporter.address, webhook };
  const alerting = await prepareAlerting(found, { shipped: places.alerts, folder, keepFiring, ...addresses });
  for (const program of alerting.programs) supervisor.start(program);
  // A program that has ended was announced as such; the show does not wait long for it either.
  const patience = AbortSignal.any([over, AbortSignal.timeout(20_000)]);
  const isUp = (url: string) => isListening(new URL(url).host, patience);
  if ((await isUp(alerting.prometheus)) && (await isUp(alerting.alertmanager)))
    terminal.say(
      `Prometheus: ${alerting.prometheus}/alerts, Alertmanager: ${alerting.alertmanager}, with alerts/${ruleFile}${keepFiring ? '' : ', without keep_firing_for'}. The story begins after their first scrape of the exporter.`,
    );
  return alerting;
}

/** A signal, the end of --for, or a closed output. */
function wishToEnd({ forMs }: DemoOptions): Promise<'wished'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve('wished'));
    process.stdout.on('error', () => resolve('wished'));
    if (forMs !== undefined) setTimeout(() => resolve('wished'), forMs);
  });
}
