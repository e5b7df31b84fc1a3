import { cycleSeconds } from './story/time.ts';

export interface DemoOptions {
  /** Seconds of the story in a second. */
  readonly speed: number;
  /** Seconds of the story that are over when it starts. */
  readonly from: number;
  /** Ends by itself after so long; without it, at Ctrl-C. */
  readonly forMs?: number;
  /** Prometheus and Alertmanager are started where they are installed. */
  readonly alerting: boolean;
  /** With the rules that have keep_firing_for. */
  readonly keepFiring: boolean;
  /** For the exporter. */
  readonly rest: readonly string[];
}

export const usage = `Usage: npm run demo -- [--speed N] [--from SECOND] [--for DURATION] [--no-alerting] [--keep-firing]
                       [OPTIONS OF serve]

Starts a simulated host whose thin pools fill, overflow and recover, an exporter that watches it, and, where they are
installed, Prometheus and Alertmanager with the shipped files. It needs no root and no device-mapper, and ends at Ctrl-C.

  --speed N        seconds of the story in one second, 0.1 to 60 (default 1: the story takes four minutes). Alerts keep
                   their own pace: their windows are minutes
  --from SECOND    begin in the midst of the story, 0 to 240 (default 0)
  --for DURATION   end after 30s, 5m or 1h
  --no-alerting    without Prometheus and Alertmanager
  --keep-firing    with the rules' keep_firing_for, which holds pages two to ten minutes longer (some never end, as the
                   story begins again before)
`;

/** Throws an Error with a sentence about the first option that is wrong. */
export function parseOptions(args: readonly string[]): DemoOptions {
  const rest = [...args];
  const speed = takeValue(rest, '--speed');
  const from = takeValue(rest, '--from');
  const time = takeValue(rest, '--for');
  const alerting = !takeFlag(rest, '--no-alerting');
  const keepFiring = takeFlag(rest, '--keep-firing');
  return {
    speed: speed === undefined ? 1 : parseSpeed(speed),
    from: from === undefined ? 0 : parseFrom(from),
    ...(time === undefined ? {} : { forMs: parseTime(time) }),
    alerting,
    keepFiring,
    rest,
  };
}

/** Takes `NAME VALUE` or `NAME=VALUE` out of the arguments. */
function takeValue(args: string[], name: string): string | undefined {
  const at = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  if (at < 0) return undefined;
  const [arg, next] = args.splice(at, args[at] === name ? 2 : 1);
  const value = arg === name ? next : arg?.slice(name.length + 1);
  if (value === undefined) throw new Error(`${name} needs a value`);
  return value;
}

function takeFlag(args: string[], name: string): boolean {
  const at = args.indexOf(name);
  if (at >= 0) args.splice(at, 1);
  return at >= 0;
}

function parseSpeed(text: string): number {
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(speed >= 0.1 && speed <= 60)) throw new Error(`--speed is a number from 0.1 to 60, not "${text}"`);
  return speed;
}

function parseFrom(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > cycleSeconds)
    throw new Error(`--from is a second of the story, 0 to ${cycleSeconds}, not "${text}"`);
  return Number(text);
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

function parseTime(text: string): number {
  const { count, unit } = /^(?<count>\d{1,6})(?<unit>[smh])$/.exec(text)?.groups ?? {};
  const ms = Number(count) * (unitMs[unit ?? ''] ?? Number.NaN);
  if (!(ms >= 1000 && ms <= 24 * 3_600_000))
    throw new Error(`--for is a time such as 30s or 5m, not "${text}"`);
  return ms;
}
