import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inBatches, statusOf } from '../../src/collectors/dmsetup/batch-status.ts';
import { asNamed } from '../../src/collectors/dmsetup/command.ts';
import { infoOfAll } from '../../src/collectors/dmsetup/info.ts';
import { writeTools } from '../support/program.ts';

export interface Size {
  readonly pools: number;
  /** Of all pools together. */
  readonly volumes: number;
}

export interface BenchHost {
  readonly size: Size;
  /** A folder for PATH with a dmsetup that prints what a host of this size would. */
  readonly tools: string;
  /** The commands of one round: every device, every status. */
  readonly round: readonly (readonly string[])[];
  readonly close: () => void;
}

/** The names are as long as LVM's are on a host of virtual machines. */
export function openBenchHost(size: Size): BenchHost {
  const folder = mkdtempSync(path.join(tmpdir(), 'thinpool-bench-'));
  const devices = devicesOf(size);
  const pools = devices.filter((device) => device.pool === undefined);
  const volumes = devices.filter((device) => device.pool !== undefined);
  const namesOf = (some: readonly Device[]) => some.map(({ name }) => name);
  const together = [pools, volumes].flatMap((group) => inBatches(namesOf(group)));
  // Until a pool is known to be healthy, it is queried on its own, and so are its volumes.
  const alone = [
    ...pools.map(({ name }) => [name]),
    ...pools.flatMap(({ name }) => inBatches(namesOf(volumes.filter(({ pool }) => pool === name)))),
  ];
  for (const state of states)
    writeTexts(path.join(folder, `state-${state}`), devices, [...together, ...alone], state);
  const now = path.join(folder, 'now');
  const change = startChanging(folder, now);
  // The first name and their number identify the query: the cheapest simulation possible. While a host becomes
  // known, other sets are queried too.
  const tools = writeTools(path.join(folder, 'bin'), {
    dmsetup: `[ "$1" = status ] || exec cat '${now}'/"$1"
shift 5
file='${now}'/status-"$1"-$#
[ -r "$file" ] && exec cat "$file"
printf '%s\\n' "$@" | exec awk -F': ' 'NR == FNR { queries[$1]; next } $1 in queries' - '${now}'/status`,
  });
  return {
    size,
    tools,
    round: [infoOfAll, ['dmsetup', 'table', ...asNamed], ...together.map(statusOf)],
    close: () => {
      clearInterval(change);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Two states of the host in turn: in the second, every pool and each tenth volume holds more. */
const states = [0, 1] as const;
type State = (typeof states)[number];
const changesEveryMs = 5000;
const grows = (index: number) => index % 10 === 0;

/** Makes `now` lead to each state in turn, at once, even while it is read. */
function startChanging(folder: string, now: string): NodeJS.Timeout {
  let turn = 0;
  const change = () => {
    const next = path.join(folder, 'next');
    symlinkSync(`state-${states[turn % states.length]}`, next);
    renameSync(next, now);
    turn += 1;
  };
  change();
  return setInterval(change, changesEveryMs).unref();
}

function writeTexts(
  folder: string,
  devices: readonly Device[],
  queries: readonly (readonly string[])[],
  state: State,
): void {
  mkdirSync(folder);
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(path.join(folder, name), lines.map((line) => `${line}\n`).join(''));
  write(
    'info',
    devices.map(({ info }) => info),
  );
  write(
    'table',
    devices.map(({ name, table }) => `${name}: ${table}`),
  );
  write(
    'status',
    devices.map(({ name, status }) => `${name}: ${status(state)}`),
  );
  const known = new Map(devices.map((device) => [device.name, device.status(state)]));
  for (const names of queries)
    write(
      `status-${names[0]}-${names.length}`,
      names.map((name) => (names.length === 1 ? `${known.get(name)}` : `${name}: ${known.get(name)}`)),
    );
}

interface Device {
  readonly name: string;
  /** The pool of a volume. */
  readonly pool?: string;
  readonly info: string;
  readonly table: string;
  readonly status: (state: State) => string;
}

function devicesOf({ pools, volumes }: Size): readonly Device[] {
  const each = volumes / pools;
  return Array.from({ length: pools }, (_, pool) => {
    const minor = pool * (each + 1);
    // Padded, so that they stand in the order in which the exporter queries them.
    const group = `vmdata${String(pool).padStart(String(pools - 1).length, '0')}`;
    const volumesOf = Array.from({ length: each }, (__, at) => volume(group, minor, at));
    return [poolDevice(group, pool, minor), ...volumesOf];
  }).flat();
}

const poolName = (group: string) => `${group}-pool`;

function poolDevice(group: string, pool: number, minor: number): Device {
  const sectors = 2 ** 31;
  return {
    ...named(poolName(group), minor),
    table: `0 ${sectors} thin-pool 8:16 8:32 128 0 1 skip_block_zeroing`,
    status: (state) =>
      `0 ${sectors} thin-pool 42 ${4000 + pool}/524288 ${9_000_000 + pool + state}/16777216 - rw discard_passdown queue_if_no_space - 1024`,
  };
}

function volume(group: string, poolMinor: number, at: number): Device {
  const sectors = 2 ** 26;
  return {
    pool: poolName(group),
    ...named(`${group}-vm--${100 + at}--disk--0`, poolMinor + 1 + at),
    table: `0 ${sectors} thin 253:${poolMinor} ${at + 1}`,
    status: (state) => `0 ${sectors} thin ${1024 * at + 128 + (grows(at) ? 128 * state : 0)} ${sectors - 1}`,
  };
}

const named = (name: string, minor: number) => ({
  name,
  info: `253|${minor}|L--w|1|0|bench-${minor}|${name}`,
});
