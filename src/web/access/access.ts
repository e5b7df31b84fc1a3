import { stat } from 'node:fs/promises';
import type { AccessState } from '../../model/web-config-state.ts';
import { createGuard, type Guard } from './guard.ts';
import { type Loaded, loadWebConfig } from './load.ts';
import { openToAll, type Tls, type WebConfig } from './web-config.ts';

/** The rules in effect. */
export interface Access {
  readonly guard: () => Guard;
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
  readonly checkEveryMs?: number;
}

/** Without a file: no authentication, plain HTTP. */
export function unguarded(now: () => number): Access {
  const guard = createGuard(openToAll, now);
  return {
    guard: () => guard,
    tls: () => undefined,
    onTls: () => {},
    state: () => undefined,
    reload: async () => {},
    close: () => {},
  };
}

/** Rules from a file, or its problems. Notices changed files, such as renewed certificates, on its own. */
export async function openAccess(input: AccessInput): Promise<Access | readonly string[]> {
  const { path, log, now, checkEveryMs = 10_000 } = input;
  let stats = '';
  let current: { guard: Guard; config: WebConfig } = {
    guard: createGuard(openToAll, now),
    config: openToAll,
  };
  let state: AccessState = { lastReloadWorked: true, lastSuccessAt: now() };
  let paths: readonly string[] = [path];
  let useTls = (_: Tls | undefined): void => {};

  /** Takes the fingerprints first, so that a change while it reads is noticed at the next check. */
  async function load(): Promise<Loaded> {
    stats = await statsOf(paths);
    const loaded = await loadWebConfig(path);
    if (loaded.paths.join('\n') !== paths.join('\n')) stats = await statsOf(loaded.paths);
    paths = loaded.paths;
    const { config } = loaded;
    if (config !== undefined) {
      current = { guard: createGuard(config, now), config };
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
  const timer = setInterval(() => {
    // One check at a time: on stalled storage, it may never end.
    inTurn.ifIdle(async () => {
      if ((await statsOf(paths)) !== stats) await reload();
    });
  }, checkEveryMs);
  timer.unref();
  return {
    guard: () => current.guard,
    tls: () => current.config.tls,
    onTls: (callback) => {
      useTls = callback;
    },
    state: () => state,
    reload: () => inTurn.afterwards(reload),
    close: () => clearInterval(timer),
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
async function statsOf(paths: readonly string[]): Promise<string> {
  const stats = paths.map((path) =>
    stat(path).then(
      ({ ino, size, mtimeMs, ctimeMs }) => `${ino} ${size} ${mtimeMs} ${ctimeMs}`,
      () => 'absent',
    ),
  );
  return (await Promise.all(stats)).join('\n');
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
