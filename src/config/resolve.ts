import type { Given } from './given.ts';
import { type Option, type Origin, origins } from './option.ts';
import { type Config, type ConfigurableCollector, collectorOptions, generalOptions } from './options.ts';

/** An option with its effective text; no text: no value. */
export interface Setting {
  readonly option: Option;
  readonly text?: string;
  readonly origin: Origin;
  readonly where?: string;
}

/** The effective setting: from the origin with the highest precedence, or the default. */
export function resolveOption(option: Option, given: readonly Given[]): Setting {
  for (const origin of origins) {
    const found = given.find((one) => one.option === option && one.origin === origin);
    if (found !== undefined) return { option, text: found.text, origin, where: found.where };
  }
  return { option, origin: 'default', ...(option.default === undefined ? {} : { text: option.default }) };
}

/** Parses the texts, which must have been validated. */
export function buildConfig(
  settings: readonly Setting[],
  collectors: readonly ConfigurableCollector[],
): Config {
  const value = (flag: string) => {
    const setting = settings.find(({ option }) => option.flag === flag);
    return setting?.text === undefined ? undefined : setting.option.type.parse(setting.text);
  };
  const values = (rows: Readonly<Record<string, Option>>) =>
    Object.fromEntries(Object.entries(rows).map(([key, { flag }]) => [key, value(flag)]));
  // `Settings` is derived from the types of the table's rows.
  return freeze({
    ...values(generalOptions),
    collectors: Object.fromEntries(collectors.map((one) => [one.name, values(collectorOptions(one))])),
  } as unknown as Config);
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
