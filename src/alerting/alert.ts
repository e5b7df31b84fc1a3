import type { AlertName } from '../model/alert-name.ts';
import type { Finding } from '../model/finding.ts';

/** What Prometheus adds to every series of this exporter: `job`, `instance`, external labels. */
export type TargetLabels = Readonly<Record<string, string>>;

/** An alert with exactly the labels that the shipped rules give it: they are its identity. */
export interface RaisedAlert {
  readonly labels: TargetLabels & { readonly alertname: AlertName };
  readonly annotations: Readonly<Record<string, string>>;
  /** Unix ms. */
  readonly since: number;
  /** How long it keeps firing after its cause was last seen, as the rule's `keep_firing_for`. */
  readonly keepMs: number;
  /** How long its findings have to hold before it fires, as the rule's `for`. */
  readonly afterMs: number;
  /** Those that raise it, worst first. */
  readonly findings: readonly Finding[];
}

/** To Prometheus, an empty label is the same as none. */
export function withoutEmpty(labels: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''),
  );
}

/** Does not depend on the order of the labels. */
export function fingerprint({ labels }: Pick<RaisedAlert, 'labels'>): string {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
}
