import { existsSync } from 'node:fs';
import { startExporter, stopExporter } from './exporter.ts';
import { type DemoOptions, parseOptions, usage } from './options.ts';
import type { DemoPlaces } from './places.ts';
import { openSimulator, type Simulator } from './simulator.ts';
import { type Said, statusLines } from './status.ts';
import { cycleSeconds } from './story/time.ts';

const statusEveryMs = 10_000;

/** Runs the demo to its end and tells the exit code. */
export async function main(args: readonly string[], places: DemoPlaces): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const options = readOptions(args);
  if (options === undefined) return 2;
  if (!existsSync(places.exporter)) return complain('the exporter is not built: npm run build');
  const simulator = openSimulator(places.tools);
  try {
    return await run(options, simulator, places);
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

async function run(options: DemoOptions, simulator: Simulator, places: DemoPlaces): Promise<number> {
  const startedAt = Date.now();
  const storySeconds = () => options.from + ((Date.now() - startedAt) / 1000) * options.speed;
  simulator.show(options.from);
  const exporter = await startExporter(places, simulator, options.rest);
  say(
    `A simulated host, not this one. Look at ${exporter.url}/ and ${exporter.url}/metrics; Ctrl-C ends it.`,
  );
  const timers = [
    setInterval(() => simulator.show(storySeconds()), 500),
    setInterval(() => void sayStatus(exporter.url, storySeconds()), statusEveryMs),
    setTimeout(() => void sayStatus(exporter.url, storySeconds()), 3000),
  ];
  const code = await Promise.race([exporter.ended, wishToEnd(options)]);
  for (const timer of timers) clearInterval(timer);
  if (code !== 'wished') return code ?? 1;
  await stopExporter(exporter);
  return 0;
}

/**
 * A signal, the end of the time, or nobody left who reads what is printed. Ctrl-C reaches the exporter as well, which
 * is then asked to end a second time and does not mind.
 */
function wishToEnd({ forMs }: DemoOptions): Promise<'wished'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve('wished'));
    process.stdout.once('error', () => resolve('wished'));
    if (forMs !== undefined) setTimeout(() => resolve('wished'), forMs);
  });
}

async function sayStatus(url: string, seconds: number): Promise<void> {
  try {
    const [{ pools }, { findings }] = await Promise.all([ask(url, 'pools'), ask(url, 'findings')]);
    say(`\n${Math.floor(seconds % cycleSeconds)} s into the story:`, ...statusLines({ pools, findings }));
  } catch {
    say(`\n${url} does not answer yet`);
  }
}

/** Answers of a program of ours: their shape is that of its own types. */
async function ask(url: string, what: string): Promise<Said> {
  const response = await fetch(`${url}/api/v1/${what}`, { signal: AbortSignal.timeout(2000) });
  if (!response.ok) throw new Error(`${what}: ${response.status}`);
  return JSON.parse(await response.text());
}

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
