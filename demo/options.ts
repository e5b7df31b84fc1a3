export interface DemoOptions {
  /** Seconds of the story in a second. */
  readonly speed: number;
  /** Ends by itself after so long; without it, at Ctrl-C. */
  readonly forMs?: number;
  /** The built exporter. */
  readonly exporter?: string;
  /** For the exporter. */
  readonly rest: readonly string[];
}

export const usage = `Usage: npm run demo -- [--speed N] [--for DURATION] [OPTIONS OF serve]

Starts a simulated host whose thin pools fill, overflow and recover, and an exporter that watches it.
It needs no root and no device-mapper, and ends at Ctrl-C.

  --speed N        seconds of the story in one second, 0.1 to 60 (default 1; the story takes three minutes)
  --for DURATION   end after 30s, 5m or 1h
  --exporter FILE  the built exporter to run (default dist/main.js)
`;

/** Throws an Error with a sentence about the first option that is wrong. */
export function parseOptions(args: readonly string[]): DemoOptions {
  const rest: string[] = [];
  let speed = 1;
  let found: Pick<DemoOptions, 'forMs' | 'exporter'> = {};
  const left = args.map((arg) => arg.split(/=(.*)/s, 2));
  for (let at = 0; at < left.length; at += 1) {
    const [name, inline] = left[at] ?? [];
    if (name !== '--speed' && name !== '--for' && name !== '--exporter') {
      rest.push(args[at] ?? '');
      continue;
    }
    if (inline === undefined) at += 1;
    const value = inline ?? args[at];
    if (value === undefined) throw new Error(`${name} needs a value`);
    if (name === '--speed') speed = parseSpeed(value);
    else if (name === '--for') found = { ...found, forMs: parseTime(value) };
    else found = { ...found, exporter: value };
  }
  return { speed, ...found, rest };
}

function parseSpeed(text: string): number {
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(speed >= 0.1 && speed <= 60)) throw new Error(`--speed is a number from 0.1 to 60, not "${text}"`);
  return speed;
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

function parseTime(text: string): number {
  const { count, unit } = /^(?<count>\d{1,6})(?<unit>[smh])$/.exec(text)?.groups ?? {};
  const ms = Number(count) * (unitMs[unit ?? ''] ?? Number.NaN);
  if (!(ms >= 1000 && ms <= 24 * 3_600_000))
    throw new Error(`--for is a time such as 30s or 5m, not "${text}"`);
  return ms;
}
