import { stat } from 'node:fs/promises';
import type { AccessState } from '../../model/web-config-state.ts';
import { type Gate, openGate } from './guard.ts';
import { type Loaded, loadWebConfig } from './load.ts';
import { openToAll, type Tls, type WebConfig } from './web-config.ts';

/** The rules in effect. */
export interface Access {
  readonly gate: () => Gate;
  readonly tls: () => Tls | undefined;
  /** Calls back with the TLS settings after each reload. */
  readonly onTls: (use: (tls: Tls | undefined) => void) => void;
  /** Absent without a web configuration file. */
  readonly state: () => AccessState | undefined;
  /** Reads the file again. If it is invalid, logs why and keeps the previous rules. */
  readonly reload: () => Promise<void>;
  readonly close: () => void;
}

export interface AccessInput {
  readonly path: string;
  readonly log: {
    readonly info: (fields: object, message: string) => void;
    readonly warn: (fields: object, message: string) => void;
    readonly error: (fields: object, message: string) => void;
  };
  readonly now: () => number;
  /** How often the files are checked for changes. Tests use a shorter time. */
  readonly lookMs?: number;
}

/** Without a file: no authentication, plain HTTP. */
export function unguarded(now: () => number): Access {
  const gate = openGate(openToAll, now);
  return {
    gate: () => gate,
    tls: () => undefined,
    onTls: () => {},
    state: () => undefined,
    reload: async () => {},
    close: () => {},
  };
}

/** Rules from a file, or its problems. Notices changed files, such as renewed certificates, on its own. */
export async function openAccess(input: AccessInput): Promise<Access | readonly string[]> {
  const { path, log, now, lookMs = 10_000 } = input;
  let prints = '';
  let current: { gate: Gate; config: WebConfig } = { gate: openGate(openToAll, now), config: openToAll };
  let state: AccessState = { lastReloadWorked: true, lastSuccessAt: now() };
  let paths: readonly string[] = [path];
  let useTls = (_: Tls | undefined): void => {};

  /** Takes the fingerprints first, so that a change during reading is noticed at the next check. */
  async function load(): Promise<Loaded> {
    prints = await printsOf(paths);
    const loaded = await loadWebConfig(path);
    if (loaded.paths.join('\n') !== paths.join('\n')) prints = await printsOf(loaded.paths);
    paths = loaded.paths;
    const { config } = loaded;
    if (config !== undefined) {
      current = { gate: openGate(config, now), config };
      const expiry = config.tls === undefined ? {} : { certificateExpiresAt: config.tls.expiresAt };
      state = { lastReloadWorked: true, lastSuccessAt: now(), ...expiry };
      if (config.users.size > 0 && config.tls === undefined)
        log.warn({ file: path }, 'Web configuration has users but no TLS; passwords are sent in clear text');
    } else state = { ...state, lastReloadWorked: false };
    return loaded;
  }

  async function reload(): Promise<void> {
    const { config, problems } = await load();
    for (const problem of problems)
      log.error({ problem }, 'Web configuration rejected; the previous one stays in use');
    if (config === undefined) return;
    useTls(config.tls);
    log.info({ file: path, ...summary(config) }, 'Web configuration reloaded');
  }

  const first = await load();
  if (first.config === undefined) return first.problems;
  log.info({ file: path, ...summary(first.config) }, 'Web configuration loaded');
  const inTurn = oneAtATime();
  const looking = setInterval(() => {
    // One check at a time: on stalled storage, it may never end.
    inTurn.ifIdle(async () => {
      if ((await printsOf(paths)) !== prints) await reload();
    });
  }, lookMs);
  looking.unref();
  return {
    gate: () => current.gate,
    tls: () => current.config.tls,
    onTls: (callback) => {
      useTls = callback;
    },
    state: () => state,
    reload: () => inTurn.afterwards(reload),
    close: () => clearInterval(looking),
  };
}

function summary({ tls, users }: WebConfig): object {
  return {
    tls: tls !== undefined,
    clientCertificates: tls?.settings.requestCert ?? false,
    users: users.size,
  };
}

/** Fingerprints that change when a file is written or replaced. */
async function printsOf(paths: readonly string[]): Promise<string> {
  const prints = paths.map((path) =>
    stat(path).then(
      ({ ino, size, mtimeMs, ctimeMs }) => `${ino} ${size} ${mtimeMs} ${ctimeMs}`,
      () => 'absent',
    ),
  );
  return (await Promise.all(prints)).join('\n');
}

function oneAtATime() {
  let running = 0;
  let last: Promise<void> = Promise.resolve();
  const afterwards = (work: () => Promise<void>): Promise<void> => {
    running += 1;
    last = last
      .catch(() => {})
      .then(work)
      .finally(() => {
        running -= 1;
      });
    return last;
  };
  return {
    afterwards,
    ifIdle: (work: () => Promise<void>): void => {
      if (running === 0) void afterwards(work);
    },
  };
}
