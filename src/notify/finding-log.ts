import type { Finding } from '../model/finding.ts';
import type { Snapshot } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { minuteMs } from '../model/units.ts';

type Write = (fields: object, message: string) => void;

export interface FindingLogger {
  readonly error: Write;
  readonly warn: Write;
  readonly info: Write;
}

interface Logged {
  readonly finding: Finding;
  /** Unix ms. */
  readonly lastSeenAt: number;
}

/** One that comes and goes is logged at most once in this time. */
const holdMs = minuteMs;

/** Logs each finding when it begins, when its severity changes and when it is no longer reported. */
export class FindingLog {
  readonly #log: FindingLogger;
  #logged: ReadonlyMap<string, Logged> = new Map();

  constructor(log: FindingLogger) {
    this.#log = log;
  }

  /** Call it about once a second. */
  update({ host: { takenAt: now }, findings }: Pick<Snapshot, 'host' | 'findings'>): void {
    const logged = new Map(this.#logged);
    for (const finding of findings) {
      const key = identityOf(finding);
      const before = logged.get(key)?.finding;
      if (before?.severity !== finding.severity) this.#begin(finding);
      logged.set(key, { finding: before?.severity === finding.severity ? before : finding, lastSeenAt: now });
    }
    for (const [key, { finding, lastSeenAt }] of logged) {
      // A clock that was set back makes the time negative.
      if (lastSeenAt === now || Math.abs(now - lastSeenAt) < holdMs) continue;
      logged.delete(key);
      this.#log.info(fieldsOf(finding), 'Finding no longer reported');
    }
    this.#logged = logged;
  }

  #begin(finding: Finding): void {
    const fields = { ...fieldsOf(finding), summary: finding.summary };
    if (finding.severity === 'critical') this.#log.error(fields, 'Finding reported');
    else if (finding.severity === 'warning') this.#log.warn(fields, 'Finding reported');
    else this.#log.info(fields, 'Finding reported');
  }
}

function identityOf({ code, pool, resource, target, collector, vg }: Finding): string {
  return JSON.stringify([code, pool, resource, target, collector, vg]);
}

function fieldsOf({ code, severity, pool, resource, target, collector, vg }: Finding): object {
  return { code, severity, ...omitUndefined({ pool, resource, target, collector, vg }) };
}
