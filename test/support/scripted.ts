import { Slots } from '../../src/collect/concurrency.ts';
import { EventWatch } from '../../src/collect/kernel-event-watch.ts';
import { Monitor, type MonitorSettings } from '../../src/collect/monitor.ts';
import type { Input } from '../../src/collectors/collector.ts';
import { collectors } from '../../src/collectors/index.ts';
import { type Bounds, failure, type PendingRead, type Place, type ReadResult } from '../../src/io/read.ts';
import type { FindingOption } from '../../src/model/finding-option.ts';
import type { PoolFilter } from '../../src/thinpool/pool-filter.ts';

/** `hang`: the child neither ends nor can be killed. `wait`: it waits for a daemon, and dies on a signal. */
type ScriptedOutput = string | 'hang' | 'wait';

/**
 * A host whose commands answer at once with the text that the test put at `collector/key`, and whose clock the test
 * turns. What is not there is not installed.
 */
export class ScriptedHost {
  now = 1_000_000;
  readonly outputs = new Map<string, ScriptedOutput>();
  readonly reads: string[] = [];
  readonly logged: string[] = [];
  readonly monitor: Monitor;
  /** What it began with. */
  readonly settings: MonitorSettings;
  #kernelLog = '';
  readonly #hanging: (() => void)[] = [];
  /** Commands that hang or wait now. */
  living = 0;

  constructor(
    names: readonly string[],
    options: {
      missingRetentionMs?: number;
      maxFastPolled?: number;
      pools?: PoolFilter;
      findingOptions?: readonly FindingOption[];
      lvmScope?: 'all' | 'pools';
    } = {},
  ) {
    const chosen = collectors.filter(({ name }) => names.includes(name));
    this.settings = {
      collectors: chosen.map((collector) => ({ collector, mode: 'auto', settings: collector.defaults })),
      queryOptions: { segMonitor: 'auto', lvmScope: options.lvmScope ?? 'all' },
      assemble: { maxVolumes: 100, minimumFree: [] },
      missingRetentionMs: options.missingRetentionMs ?? 60_000,
      ...(options.pools && { pools: options.pools }),
      ...(options.findingOptions && { findingOptions: options.findingOptions }),
    };
    this.monitor = new Monitor({
      ...this.settings,
      read: (input, place, bounds) => this.#read(input, place, bounds),
      slots: new Slots(8),
      now: () => this.now,
      log: {
        warn: (fields, message) => this.logged.push(`${message} ${JSON.stringify(fields)}`),
        info: () => {},
      },
      keepOutputs: false,
      maxFastPolled: options.maxFastPolled ?? 8,
      events: new EventWatch({
        kernelLog: { read: () => this.#takeKernelLog(), isAtEnd: true, close: () => {} },
        log: { warn: () => {}, info: () => {} },
      }),
    });
    this.monitor.pollEvents();
  }

  /** Lets seconds pass, with a beat at each. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.now += 1000;
      this.monitor.tick();
      await settled();
    }
  }

  /** Lets seconds pass without any beat, as in a single poll. */
  async wait(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.now += 1000;
      await settled();
    }
  }

  /** The kernel reports an event, and the exporter receives it. */
  async report(message: string): Promise<void> {
    this.#kernelLog += `4,1,5,-;device-mapper: thin: ${message}\n`;
    this.monitor.pollEvents();
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
    this.outputs.set(`pools/${name}`, `0 409600 thin-pool ${status}\n`);
    this.#list();
  }

  /** The devices under a pool, one linear area each: without them it is not known how LVM lays out an extension. */
  linearParts(lv: string): void {
    for (const [minor, part] of ['tmeta', 'tdata'].entries()) {
      const name = `${lv}_${part}`;
      this.#devices.set(name, `253|${minor}|L--w|1|0||${name}`);
      this.#tables.set(name, `${name}: 0 409600 linear 8:0 2048`);
    }
    this.#list();
  }

  remove(name: string): void {
    this.#devices.delete(name);
    this.#tables.delete(name);
    this.outputs.delete(`pools/${name}`);
    this.#list();
  }

  readonly #devices = new Map<string, string>();
  readonly #tables = new Map<string, string>();

  #list(): void {
    const lines = (rows: ReadonlyMap<string, string>) =>
      rows.size === 0 ? 'No devices found\n' : `${[...rows.values()].join('\n')}\n`;
    this.outputs.set('devices/info', lines(this.#devices));
    this.outputs.set('devices/table', lines(this.#tables));
  }

  /** A command about several devices prints what each would alone, behind its name; one that hangs keeps it from ending. */
  #batch(collector: string, { command }: { readonly command: readonly string[] }): ScriptedOutput {
    const names = command.slice(command.indexOf('--') + 1);
    const outputs = names.map((name) => [name, this.outputs.get(`${collector}/${name}`)] as const);
    if (outputs.some(([, text]) => text === 'hang')) return 'hang';
    return outputs.map(([name, text]) => (text === undefined ? '' : `${name}: ${text}`)).join('');
  }

  #read(input: Input, { collector, key }: Place, bounds: Bounds) {
    this.reads.push(`${collector}/${key}`);
    const text =
      key.startsWith('batch/') && 'command' in input
        ? this.#batch(collector, input)
        : this.outputs.get(`${collector}/${key}`);
    if (text === 'hang') return this.#count(this.#hang(bounds));
    if (text === 'wait') return this.#count(this.#wait(bounds));
    const output = { stdout: text ?? '', stderr: '', exitCode: 0, takenAt: this.now };
    const result: ReadResult =
      text === undefined ? failure('not-installed', 'no such tool') : { ok: true, output };
    return { result: Promise.resolve(result), exited: Promise.resolve() };
  }

  #count(pending: PendingRead): PendingRead {
    this.living += 1;
    void pending.exited.then(() => {
      this.living -= 1;
    });
    return pending;
  }

  #hang({ timeoutMs }: Bounds): PendingRead {
    const exited = new Promise<void>((resolve) => this.#hanging.push(resolve));
    const result = this.#until(timeoutMs).then((): ReadResult => failure('timed-out', 'no end'));
    return { result, exited };
  }

  #wait(bounds: Bounds): PendingRead {
    const { result, exited } = this.#hang(bounds);
    const ended = this.#until(bounds.timeoutMs + (bounds.killGraceMs ?? 0));
    return { result, exited: Promise.race([exited, ended]) };
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
