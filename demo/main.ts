import path from 'node:path';
import type { Simulated } from '../src/io/host-reader.ts';
import { openWebhook } from './alerting/webhook.ts';
import { type Alerting, findPrograms, prepareAlerting, ruleFile } from './alerting.ts';
import { simulatedFiles } from './exporter.ts';
import type { DemoOptions } from './options.ts';
import { freePort } from './ports.ts';
import { Show } from './show.ts';
import { openSimulator, type Simulator } from './simulator.ts';
import { openSupervisor } from './supervisor.ts';
import { type Output, openTerminal, type Terminal } from './terminal.ts';

/** The exporter that watches the simulated host, in this process. */
export interface DemoExporter {
  readonly stop: () => void;
  /** Settles with the exit status. */
  readonly ended: Promise<number>;
}

export interface DemoInput {
  readonly options: DemoOptions;
  /** Writes to standard output. */
  readonly print: (text: string) => void;
  /** The simulated commands, by name. */
  readonly tools: Readonly<Record<string, string>>;
  /** host:port; absent: a free port. */
  readonly address?: string;
  /** The command line of `supervise`, but for the folder. */
  readonly supervisor: readonly string[];
  readonly startExporter: (host: {
    readonly address: string;
    /** The folder of the simulated commands. */
    readonly tools: string;
    readonly files: Simulated;
  }) => DemoExporter;
}

/** Runs the demo to its end and returns the exit status. */
export async function runDemo(input: DemoInput): Promise<number> {
  const simulator = openSimulator(input.tools);
  try {
    return await run({ ...input, simulator, terminal: openTerminal(outputOf(input), process.env) });
  } finally {
    simulator.close();
  }
}

/** As wide as the terminal is at the time. */
function outputOf({ print }: DemoInput): Output {
  const { isTTY } = process.stdout;
  return {
    isTTY,
    get columns() {
      return process.stdout.columns;
    },
    write: print,
  };
}

interface Demo extends DemoInput {
  readonly simulator: Simulator;
  readonly terminal: Terminal;
}

async function run(demo: Demo): Promise<number> {
  const { options, simulator, terminal } = demo;
  const wished = wishToEnd(options);
  const supervisor = openSupervisor(demo.supervisor, simulator.folder, (name) =>
    terminal.say(`${name} has stopped; the demo continues without it.`),
  );
  simulator.show(options.from);
  const address = demo.address ?? `127.0.0.1:${await freePort(10058)}`;
  const reached = address.replace(/^:/, 'localhost:');
  const url = `http://${reached}`;
  const exporter = demo.startExporter({
    address,
    tools: simulator.tools,
    files: simulatedFiles(simulator.root),
  });
  terminal.say(`This is a simulated host. Open ${url}/ or ${url}/metrics. Stop with Ctrl-C.`);
  const show = new Show({ terminal, simulator, speed: options.speed, from: options.from, exporter: url });
  const webhook = await openWebhook(0, (message) => void show.hear(message));
  const alerting = await prepare(demo, { exporter: reached, webhook: webhook.address });
  for (const program of alerting?.programs ?? []) supervisor.start(program);
  void show.begin(alerting?.prometheus);
  const code = await Promise.race([exporter.ended, wished]);
  show.end();
  exporter.stop();
  await Promise.all([exporter.ended, supervisor.end()]);
  webhook.close();
  return code === 'wished' ? 0 : code;
}

/** Undefined if alerts are not wanted, or the programs are not installed. */
async function prepare(
  { options, simulator, terminal }: Demo,
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
  const alerting = await prepareAlerting(found, { folder, keepFiring, ...addresses });
  terminal.say(
    `Prometheus: ${alerting.prometheus}/alerts, Alertmanager: ${alerting.alertmanager}, with ${ruleFile}${keepFiring ? '' : ', without keep_firing_for'}. The story begins after their first scrape of the exporter.`,
  );
  return alerting;
}

/**
 * A signal, the end of --for, or a closed output.
 */
function wishToEnd({ forMs }: DemoOptions): Promise<'wished'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve('wished'));
    process.stdout.on('error', () => resolve('wished'));
    if (forMs !== undefined) setTimeout(() => resolve('wished'), forMs);
  });
}
