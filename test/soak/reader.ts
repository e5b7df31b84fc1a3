import type { Input } from '../../src/collectors/collector.ts';
import { type Bounds, failure, type Place, type Read, type ReadResult } from '../../src/io/read.ts';
import { namesIn, type Printed, printDmsetup } from './dmsetup.ts';
import type { Fault, Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

interface Child {
  readonly key: string;
  readonly deadline: number;
  readonly step: (now: number) => 'lives' | 'gone';
}

/** Commands of the simulated host: they take time, fail, or hang where no signal reaches them. */
export class Reader {
  now = Date.UTC(2026, 0, 1);
  /** What must not be: one command twice at once. */
  readonly wrongs: string[] = [];
  mostAtOnce = 0;
  /** Whether some commands take a second without any fault. */
  isHurried = false;
  started = 0;
  readonly #world: World;
  readonly #faults: Faults;
  readonly #random: Random;
  #children: readonly Child[] = [];

  constructor(world: World, faults: Faults, random: Random) {
    this.#world = world;
    this.#faults = faults;
    this.#random = random;
  }

  get alive(): number {
    return this.#children.length;
  }

  readonly read: Read = (input, place, bounds) => {
    if (!('command' in input) || input.command[0] !== 'dmsetup')
      return { result: Promise.resolve(failure('not-installed', 'no such tool')), exited: Promise.resolve() };
    return this.#start(input, place, bounds);
  };

  /** The second is over: what was to end by now ends. */
  tick(): void {
    this.#children = this.#children.filter((child) => child.step(this.now) === 'lives');
  }

  #start({ command }: Extract<Input, { command: unknown }>, place: Place, bounds: Bounds) {
    const key = `${place.collector}/${place.key}`;
    if (this.#children.some((child) => child.key === key)) this.wrongs.push(`${key} was started twice`);
    const takenAt = this.now;
    const fault = this.#faults.of(this.#poolsOf(namesIn(command)));
    const printed = spoil(printDmsetup(command, [...this.#world.pools.values()]), fault);
    const answersAt = takenAt + this.#delayMs(fault);
    const deadline = takenAt + bounds.timeoutMs;
    let settle = (_: ReadResult): void => {};
    let bury = (): void => {};
    const result = new Promise<ReadResult>((resolve) => {
      settle = resolve;
    });
    const exited = new Promise<void>((resolve) => {
      bury = resolve;
    });
    const step = (now: number) => {
      if (now >= answersAt) settle({ ok: true, output: { ...printed, takenAt } });
      if (now >= deadline) settle(failure('timed-out', `no result within ${bounds.timeoutMs} ms`));
      const isOver = now >= answersAt || (now >= deadline && fault?.kind !== 'hang');
      if (isOver) bury();
      return isOver ? 'gone' : 'lives';
    };
    this.started += 1;
    if (step(this.now) === 'lives') this.#children = [...this.#children, { key, deadline, step }];
    this.mostAtOnce = Math.max(
      this.mostAtOnce,
      this.#children.filter((child) => child.deadline > this.now).length,
    );
    return { result, exited };
  }

  #delayMs(fault: Fault | undefined): number {
    if (fault?.kind === 'hang') return fault.untilSecond * 1000 - this.#second * 1000;
    if (fault?.kind === 'slow') return this.#random.between(1, 6) * 1000;
    return !this.isHurried && this.#random.onceIn(10) ? 1000 : 0;
  }

  get #second(): number {
    return (this.now - Date.UTC(2026, 0, 1)) / 1000;
  }

  #poolsOf(devices: readonly string[]): readonly string[] {
    const pools = [...this.#world.pools.values()];
    return pools
      .filter(({ name, volumes }) =>
        [name, ...volumes.map((volume) => volume.name)].some((one) => devices.includes(one)),
      )
      .map(({ name }) => name);
  }
}

function spoil(printed: Printed, fault: Fault | undefined): Printed {
  if (fault?.kind === 'fail')
    return { stdout: '', stderr: 'device-mapper: ioctl failed: Invalid argument\n', exitCode: 1 };
  if (fault?.kind === 'cut')
    return { ...printed, stdout: printed.stdout.slice(0, printed.stdout.length / 2) };
  return printed;
}
