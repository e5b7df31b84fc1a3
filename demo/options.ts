import { cycleSeconds } from './story/time.ts';
import { type StoryName, storyNames } from './story.ts';

export interface DemoOptions {
  readonly story: StoryName;
  /** Seconds of the story per second. */
  readonly speed: number;
  /** The second of the story at which it starts. */
  readonly from: number;
  /** Absent: runs until Ctrl-C. */
  readonly forMs?: number;
  /** Starts Prometheus and Alertmanager, if they are installed. */
  readonly alerting: boolean;
  /** Uses the rules with keep_firing_for. */
  readonly keepFiring: boolean;
  /** Options for the exporter. */
  readonly rest: readonly string[];
}

export const usage = `Usage: npm run demo -- [--story NAME] [--speed N] [--from SECOND] [--for DURATION] [--no-alerting]
                       [--keep-firing] [OPTIONS OF serve]

Runs the exporter on a simulated host whose thin pools fill up, overflow and recover, with Prometheus and Alertmanager
and the shipped rules if both are installed. Needs neither root nor device-mapper. Stop with Ctrl-C.

  --story NAME     docker (default): a host with Docker, LVM and five pools. proxmox: pve/data of Proxmox VE, which a
                   nightly backup and a snapshot fill.
  --speed N        Speed of the story, 0.1 to 60 (default 1: the story takes four minutes). Alerts are not faster, because
                   their rules look at minutes.
  --from SECOND    Start at this second of the story, 0 to 240 (default 0).
  --for DURATION   Stop after this time: 30s, 5m or 1h.
  --no-alerting    Do not start Prometheus and Alertmanager.
  --keep-firing    Keep keep_firing_for in the rules. Alerts then resolve two to ten minutes later; some never do,
                   because the story starts over before that.
`;

/** Throws an Error that names the first invalid option. */
export function parseOptions(args: readonly string[]): DemoOptions {
  const rest = [...args];
  const story = takeValue(rest, '--story');
  const speed = takeValue(rest, '--speed');
  const from = takeValue(rest, '--from');
  const time = takeValue(rest, '--for');
  const alerting = !takeFlag(rest, '--no-alerting');
  const keepFiring = takeFlag(rest, '--keep-firing');
  return {
    story: story === undefined ? 'docker' : parseStory(story),
    speed: speed === undefined ? 1 : parseSpeed(speed),
    from: from === undefined ? 0 : parseFrom(from),
    ...(time === undefined ? {} : { forMs: parseTime(time) }),
    alerting,
    keepFiring,
    rest,
  };
}

/** Removes `NAME VALUE` or `NAME=VALUE` from the arguments. */
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

function parseStory(text: string): StoryName {
  const name = storyNames.find((known) => known === text);
  if (name === undefined) throw new Error(`--story must be ${storyNames.join(' or ')}, not "${text}"`);
  return name;
}

function parseSpeed(text: string): number {
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(speed >= 0.1 && speed <= 60))
    throw new Error(`--speed must be a number from 0.1 to 60, not "${text}"`);
  return speed;
}

function parseFrom(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > cycleSeconds)
    throw new Error(`--from must be a second of the story, 0 to ${cycleSeconds}, not "${text}"`);
  return Number(text);
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

function parseTime(text: string): number {
  const { count, unit } = /^(?<count>\d{1,6})(?<unit>[smh])$/.exec(text)?.groups ?? {};
  const ms = Number(count) * (unitMs[unit ?? ''] ?? Number.NaN);
  if (!(ms >= 1000 && ms <= 24 * 3_600_000))
    throw new Error(`--for must be a duration such as 30s or 5m, not "${text}"`);
  return ms;
}
