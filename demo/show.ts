import { setTimeout as sleep } from 'node:timers/promises';
import { areAwake, messageEvents } from './alert-events.ts';
import type { Message } from './alerting/webhook.ts';
import { askAlerts, askExporter } from './exporter-client.ts';
import type { Simulator } from './simulator.ts';
import { statusLine } from './status.ts';
import { cycleSeconds, tellingAt } from './story/time.ts';
import type { Terminal } from './terminal.ts';
import type { Event } from './timeline-event.ts';
import { openWatch, type Watch } from './watch.ts';

interface Stage {
  readonly terminal: Terminal;
  readonly simulator: Simulator;
  /** Seconds of the story in a second. */
  readonly speed: number;
  /** The second of the story at which it begins. */
  readonly from: number;
  /** Where the exporter answers. */
  readonly exporter: string;
}

const simulateEveryMs = 500;
const lookEveryMs = 1000;
const waitSeconds = 60;

const tellings = [
  'the story begins: this time somebody answers the page',
  'the story begins again: this time nobody comes',
] as const;

/** Moves the story on, and tells what everybody says about it. */
export class Show {
  readonly #stage: Stage;
  readonly #timers: NodeJS.Timeout[] = [];
  #watch: Watch | undefined;
  #startedAt: number | undefined;
  #told = -1;
  #isAliveHeard = false;
  #isOver = false;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** The story waits until everybody watches, so that its moments and those of the rules go together. */
  async begin(prometheus: string | undefined): Promise<void> {
    const { terminal, exporter } = this.#stage;
    if (!(await this.#waitForAll(prometheus)))
      terminal.say('Not everybody answers yet; the story begins all the same.');
    if (this.#isOver) return;
    const watch = openWatch({ exporter, prometheus }, (event) => this.#tell(event));
    this.#watch = watch;
    this.#startedAt = performance.now();
    this.#simulate();
    this.#timers.push(
      setInterval(() => this.#simulate(), simulateEveryMs),
      setInterval(() => void watch.look(), lookEveryMs),
      setInterval(() => this.#showStatus(), terminal.statusEveryMs),
    );
  }

  /** What reaches the webhook. */
  async hear(message: Message): Promise<void> {
    // Prometheus said so before Alertmanager did.
    await this.#watch?.look();
    for (const event of messageEvents(message)) this.#tell(event);
    if (message.to !== 'dead-mans-switch' || this.#isAliveHeard) return;
    this.#isAliveHeard = true;
    this.#tell({ tone: 'plain', kind: 'watchdog', text: "the dead man's switch is heard: alerts arrive" });
  }

  end(): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#stage.terminal.close();
  }

  async #waitForAll(prometheus: string | undefined): Promise<boolean> {
    const { exporter } = this.#stage;
    const isSeen = prometheus
      ? async () => areAwake((await askAlerts(prometheus)) ?? [])
      : async () => (await askExporter(exporter))?.pools.some(({ state }) => state !== undefined) === true;
    for (let left = waitSeconds / 0.25; left > 0 && !this.#isOver; left -= 1) {
      if (await isSeen()) return true;
      await sleep(250);
    }
    return this.#isOver;
  }

  #simulate(): void {
    const { simulator, speed, from } = this.#stage;
    const story = from + this.#seconds() * speed;
    const telling = Math.floor(story / cycleSeconds);
    if (telling > this.#told) this.#tell({ tone: 'plain', kind: 'story', text: tellings[tellingAt(story)] });
    this.#told = telling;
    simulator.show(story);
  }

  #showStatus(): void {
    const said = this.#watch?.latest();
    if (said !== undefined) this.#stage.terminal.show(this.#seconds(), statusLine(said));
  }

  #tell(event: Event): void {
    this.#stage.terminal.tell(this.#seconds(), event);
  }

  #seconds(): number {
    return this.#startedAt === undefined ? 0 : (performance.now() - this.#startedAt) / 1000;
  }
}
