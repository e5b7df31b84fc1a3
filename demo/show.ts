import { setTimeout as sleep } from 'node:timers/promises';
import { areAwake, messageEvents } from './alert-events.ts';
import type { Message } from './alerting/webhook.ts';
import { fetchAlerts, fetchExporter } from './exporter-client.ts';
import type { Simulator } from './simulator.ts';
import { statusLine } from './status.ts';
import { cycleSeconds, tellingAt } from './story/time.ts';
import type { Story } from './story.ts';
import type { Terminal } from './terminal.ts';
import type { Event } from './timeline-event.ts';
import { openWatch, type Watch } from './watch.ts';

interface Stage {
  readonly terminal: Terminal;
  readonly simulator: Simulator;
  /** Seconds of the story per second. */
  readonly speed: number;
  /** The second of the story at which it starts. */
  readonly from: number;
  readonly tellings: Story['tellings'];
  /** URL of the exporter. */
  readonly exporter: string;
}

const simulateEveryMs = 500;
const lookEveryMs = 1000;
const waitSeconds = 60;

/** Advances the story, and prints what the exporter, Prometheus and Alertmanager report. */
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

  /** Waits until the exporter and the rules have data, so that the first alerts are not missed. */
  async begin(prometheus: string | undefined): Promise<void> {
    const { terminal, exporter } = this.#stage;
    if (!(await this.#waitForAll(prometheus)))
      terminal.say('Not all programs respond yet; starting the story anyway.');
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

  async hear(message: Message): Promise<void> {
    // First show what Prometheus reported before Alertmanager sent this.
    await this.#watch?.look();
    for (const event of messageEvents(message)) this.#tell(event);
    if (message.to !== 'dead-mans-switch' || this.#isAliveHeard) return;
    this.#isAliveHeard = true;
    this.#tell({ tone: 'plain', kind: 'watchdog', text: "dead man's switch received: alerts are delivered" });
  }

  end(): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#stage.terminal.close();
  }

  async #waitForAll(prometheus: string | undefined): Promise<boolean> {
    const { exporter } = this.#stage;
    const isSeen = prometheus
      ? async () => areAwake((await fetchAlerts(prometheus)) ?? [])
      : async () => (await fetchExporter(exporter))?.pools.some(({ state }) => state !== undefined) === true;
    for (let left = waitSeconds / 0.25; left > 0 && !this.#isOver; left -= 1) {
      if (await isSeen()) return true;
      await sleep(250);
    }
    return this.#isOver;
  }

  #simulate(): void {
    const { simulator, speed, from, tellings } = this.#stage;
    const story = from + this.#seconds() * speed;
    const telling = Math.floor(story / cycleSeconds);
    if (telling > this.#told) this.#tell({ tone: 'plain', kind: 'story', text: tellings[tellingAt(story)] });
    this.#told = telling;
    simulator.show(story);
  }

  #showStatus(): void {
    const state = this.#watch?.latest();
    if (state !== undefined)
      this.#stage.terminal.show(this.#seconds(), (columns) => statusLine(state, columns));
  }

  #tell(event: Event): void {
    this.#stage.terminal.tell(this.#seconds(), event);
  }

  #seconds(): number {
    return this.#startedAt === undefined ? 0 : (performance.now() - this.#startedAt) / 1000;
  }
}
