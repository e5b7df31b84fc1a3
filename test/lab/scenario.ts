import type { Lab } from './guest/lab.ts';

/** A story played on a real device-mapper: what the guest needs, and the steps, which run inside the guest. */
export interface Scenario {
  readonly name: string;
  /** One line, for `--list`. */
  readonly about: string;
  /** Sizes of the guest's disks, as `truncate -s` takes them; the first is /dev/ubda. They are sparse. */
  readonly disks?: readonly string[];
  readonly memory?: string;
  /** How long the guest may take from boot to power-off before it is ended from outside. */
  readonly timeoutSeconds?: number;
  /** Whether `dist/main.js` has to be built before. */
  readonly needsExporter?: boolean;
  /** The guest has no device-mapper either: for what the tools answer then. */
  readonly withoutDeviceMapper?: boolean;
  readonly steps: (lab: Lab) => Promise<void>;
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
