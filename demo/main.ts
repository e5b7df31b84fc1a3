import path from 'node:path';
import type { Simulated } from '../src/io/host-reader.ts';
import { openWebhook } from './alerting/webhook.ts';
import { type Alerting, findPrograms, prepareAlerting, ruleFile } from './alerting.ts';
import { simulatedFiles } from './exporter.ts';
import type { DemoOptions } from './options.ts';
import { freePort, isListening, whyTaken } from './ports.ts';
import { Show } from './show.ts';
import { openSimulator, type Simulator } from './simulator.ts';
import { stories } from './story.ts';
import { openSupervisor, type Supervisor } from './supervisor.ts';
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
  readonly printError: (text: string) => void;
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
  const taken = await whyTaken(input.address ?? '');
  if (taken !== undefined) {
    input.printError(`demo: ${taken}\n`);
    return 2;
  }
  const simulator = openSimulator(input.tools, stories[input.options.story]);
  const terminal = openTerminal(outputOf(input), process.env);
  let code: number;
  try {
    code = await run({ ...input, simulator, terminal });
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
  const over = new AbortController();
  const ending = Promise.race([exporter.ended, wished]).finally(() => over.abort());
  const close = (await isListening(reached, over.signal))
    ? await present({ ...demo, reached, url, supervisor, over: over.signal })
    : () => {};
  const code = await ending;
  close();
  exporter.stop();
  // First the exporter: the supervisor removes the commands that it runs.
  await exporter.ended;
  await supervisor.end();
  return code === 'wished' ? 0 : code;
}

interface Running extends Omit<Demo, 'supervisor'> {
  /** host:port of the exporter. */
  readonly reached: string;
  readonly url: string;
  readonly supervisor: Supervisor;
  /** Aborted when the demo ends. */
  readonly over: AbortSignal;
}

/** Announces the exporter, which listens already, and begins the story. Returns what ends it. */
async function present(running: Running): Promise<() => void> {
  const { options, simulator, terminal, url } = running;
  terminal.say(`This is a simulated host. Open ${url}/ or ${url}/metrics. Stop with Ctrl-C.`);
  const { speed, from } = options;
  const { tellings } = stories[options.story];
  const show = new Show({ terminal, simulator, speed, from, tellings, exporter: url });
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
  { options, simulator, terminal, reached, supervisor, over }: Running,
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
  const alerting = await prepareAlerting(found, { folder, keepFiring, exporter: reached, webhook });
  for (const program of alerting.programs) supervisor.start(program);
  // A program that has ended was announced as such; the show does not wait long for it either.
  const patience = AbortSignal.any([over, AbortSignal.timeout(20_000)]);
  const isUp = (url: string) => isListening(new URL(url).host, patience);
  if ((await isUp(alerting.prometheus)) && (await isUp(alerting.alertmanager)))
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
