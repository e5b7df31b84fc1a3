import type { AlertName } from '../model/alert-name.ts';

/** What Prometheus adds to every series of this exporter: `job`, `instance`, external labels. */
export type TargetLabels = Readonly<Record<string, string>>;

/** An alert as the shipped rules raise it, label by label: its labels are what it is known by. */
export interface RaisedAlert {
  readonly labels: TargetLabels & { readonly alertname: AlertName };
  readonly annotations: Readonly<Record<string, string>>;
  /** Unix ms. */
  readonly since: number;
  /** How long it goes on after its cause was last seen, as the rule's `keep_firing_for`. */
  readonly keepMs: number;
}

/** Prometheus knows no empty label: it is the same as none. */
export function withoutEmpty(labels: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''),
  );
}

/** The same for the same labels, in whatever order. */
export function fingerprint({ labels }: Pick<RaisedAlert, 'labels'>): string {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
}
