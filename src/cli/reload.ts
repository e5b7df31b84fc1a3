import { collectors } from '../collectors/index.ts';
import type { Config } from '../config/options.ts';
import { mergeSettings } from '../config/reload.ts';
import type { ConfigState } from '../model/config-state.ts';
import type { Context } from './context.ts';

/** The options of a running exporter. */
export interface Options {
  readonly config: () => Config;
  /** Absent without an options file. */
  readonly state: () => ConfigState | undefined;
  /** Reads the options file again. If it is invalid, logs why and keeps the present options. */
  readonly reload: () => void;
}

type OptionsContext = Pick<Context, 'config' | 'settings' | 'environment' | 'load' | 'log' | 'now'>;

/** `apply` gets the options after each reload. */
export function openOptions(context: OptionsContext, apply: (config: Config) => void): Options {
  const { environment, load, log, now } = context;
  const file = context.config.configFile;
  let { config, settings } = context;
  let state: ConfigState = { lastReloadWorked: true, lastSuccessAt: now(), waiting: 0 };

  function reload(): void {
    const loaded = load(environment);
    if (loaded.kind !== 'run') {
      state = { ...state, lastReloadWorked: false };
      for (const problem of loaded.kind === 'wrong' ? loaded.problems : [])
        log.error({ problem }, 'Options rejected; the previous ones stay in use');
      return;
    }
    const merged = mergeSettings(settings, loaded.settings, collectors);
    const { applied, waiting } = merged;
    ({ config, settings } = merged);
    state = { lastReloadWorked: true, lastSuccessAt: now(), waiting: waiting.length };
    log.level = config.logLevel;
    if (applied.length > 0) apply(config);
    log.info({ file, changed: applied.join(' ') || 'none' }, 'Options reloaded');
    if (waiting.length > 0)
      log.warn({ options: waiting.join(' ') }, 'Some changed options take effect after a restart only');
  }

  return { config: () => config, state: () => (file === undefined ? undefined : state), reload };
}
