import type { Config, ConfigurableCollector } from './options.ts';
import { buildConfig, type Setting } from './resolve.ts';

export interface Reloaded {
  readonly config: Config;
  readonly settings: readonly Setting[];
  /** Flags of options whose new value is in effect. */
  readonly applied: readonly string[];
  /** Flags of options whose new value needs a restart. */
  readonly waiting: readonly string[];
}

/** What a running exporter makes of new settings: it takes the values of options that can be reloaded, and keeps the others. */
export function mergeSettings(
  running: readonly Setting[],
  next: readonly Setting[],
  collectors: readonly ConfigurableCollector[],
): Reloaded {
  const present = new Map(running.map((setting) => [setting.option.flag, setting]));
  const changed = next.filter(({ option, text }) => present.get(option.flag)?.text !== text);
  const settings = next.map((setting) =>
    setting.option.reload === true ? setting : (present.get(setting.option.flag) ?? setting),
  );
  const flagsOf = (some: readonly Setting[]) => some.map(({ option }) => option.flag);
  return {
    config: buildConfig(settings, collectors),
    settings,
    applied: flagsOf(changed.filter(({ option }) => option.reload === true)),
    waiting: flagsOf(changed.filter(({ option }) => option.reload !== true)),
  };
}
