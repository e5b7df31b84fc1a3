import type { StoryName } from './story.ts';

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
}
