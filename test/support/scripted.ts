import { Slots } from '../../src/collect/concurrency.ts';
import { EventWatch } from '../../src/collect/kernel-event-watch.ts';
import { Monitor } from '../../src/collect/monitor.ts';
import type { Access } from '../../src/collectors/collector.ts';
import { sources } from '../../src/collectors/index.ts';
import { type Bounds, failure, type Place, type ReadResult } from '../../src/io/read.ts';

/** `hang`: the child neither answers nor dies. `wait`: it waits for a daemon, and dies when it is told to end. */
type Answer = string | 'hang' | 'wait';

/**
 * A host whose commands answer at once with the text that the test put at `source/key`, and whose clock the test
 * turns. What is not there is not installed.
 */
export class ScriptedHost {
  now = 1_000_000;
  readonly answers = new Map<string, Answer>();
  readonly asked: string[] = [];
  readonly monitor: Monitor;
  #kernelLog = '';
  readonly #hanging: (() => void)[] = [];

  constructor(names: readonly string[], options: { forgetAfterMs?: number; maxCloseWatches?: number } = {}) {
    const chosen = sources.filter(({ name }) => names.includes(name));
    this.monitor = new Monitor({
      sources: chosen.map((source) => ({ source, mode: 'auto', settings: source.defaults })),
      choices: { segMonitor: 'auto' },
      read: (access, place, bounds) => this.#read(access, place, bounds),
      slots: new Slots(8),
      now: () => this.now,
      log: { warn: () => {}, info: () => {} },
      assemble: { maxVolumes: 100, minimumFree: [] },
      keepReadings: false,
      forgetAfterMs: options.forgetAfterMs ?? 60_000,
      maxCloseWatches: options.maxCloseWatches ?? 8,
      events: new EventWatch({
        kernelLog: { read: () => this.#takeKernelLog(), isAtEnd: true, close: () => {} },
        log: { warn: () => {}, info: () => {} },
      }),
    });
    this.monitor.listen();
  }

  /** Lets seconds pass, with a beat at each. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.now += 1000;
      this.monitor.beat();
      await settled();
    }
  }

  /** Lets seconds pass without any beat, as in a single look. */
  async wait(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.now += 1000;
      await settled();
    }
  }

  /** The kernel tells of an event, and the exporter listens. */
  async tell(message: string): Promise<void> {
    this.#kernelLog += `4,1,5,-;device-mapper: thin: ${message}\n`;
    this.monitor.listen();
    await settled();
  }

  #takeKernelLog(): string {
    const text = `#monotonic 5\n${this.#kernelLog}`;
    this.#kernelLog = '';
    return text;
  }

  /** Whatever hangs dies now. */
  async thaw(): Promise<void> {
    for (const die of this.#hanging.splice(0)) die();
    await settled();
  }

  pool(name: string, status: string, { minor = 2, uuid = '', block = 128, attr = 'L--w' } = {}): void {
    this.#devices.set(name, `253|${minor}|${attr}|1|0|${uuid}|${name}`);
    this.#tables.set(name, `${name}: 0 409600 thin-pool 253:0 253:1 ${block} 0 0`);
    this.answers.set(`pools/${name}`, `0 409600 thin-pool ${status}\n`);
    this.#list();
  }

  remove(name: string): void {
    this.#devices.delete(name);
    this.#tables.delete(name);
    this.answers.delete(`pools/${name}`);
    this.#list();
  }

  readonly #devices = new Map<string, string>();
  readonly #tables = new Map<string, string>();

  #list(): void {
    const lines = (rows: ReadonlyMap<string, string>) =>
      rows.size === 0 ? 'No devices found\n' : `${[...rows.values()].join('\n')}\n`;
    this.answers.set('devices/info', lines(this.#devices));
    this.answers.set('devices/table', lines(this.#tables));
  }

  /** A command about several devices prints what each would alone, behind its name; one that hangs keeps it from ending. */
  #together(source: string, { command }: { readonly command: readonly string[] }): Answer {
    const names = command.slice(command.indexOf('--') + 1);
    const answers = names.map((name) => [name, this.answers.get(`${source}/${name}`)] as const);
    if (answers.some(([, answer]) => answer === 'hang')) return 'hang';
    return answers.map(([name, answer]) => (answer === undefined ? '' : `${name}: ${answer}`)).join('');
  }

  #read(access: Access, { source, key }: Place, bounds: Bounds) {
    this.asked.push(`${source}/${key}`);
    const answer =
      key.startsWith('together/') && 'command' in access
        ? this.#together(source, access)
        : this.answers.get(`${source}/${key}`);
    if (answer === 'hang') return this.#hang(bounds);
    if (answer === 'wait') return this.#wait(bounds);
    const reading = { stdout: answer ?? '', stderr: '', exitCode: 0, takenAt: this.now };
    const result: ReadResult =
      answer === undefined ? failure('not-installed', 'no such tool') : { ok: true, reading };
    return { result: Promise.resolve(result), gone: Promise.resolve() };
  }

  #hang({ timeoutMs }: Bounds) {
    const gone = new Promise<void>((resolve) => this.#hanging.push(resolve));
    const result = this.#until(timeoutMs).then((): ReadResult => failure('timed-out', 'no end'));
    return { result, gone };
  }

  #wait(bounds: Bounds) {
    const { result, gone } = this.#hang(bounds);
    const told = this.#until(bounds.timeoutMs + (bounds.leftAloneMs ?? 0));
    return { result, gone: Promise.race([gone, told]) };
  }

  async #until(ms: number): Promise<void> {
    const startedAt = this.now;
    while (this.now < startedAt + ms) await settled();
  }
}

/** Lets go on whatever waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
