type MayBeUnknown<Fields> = {
  [Name in keyof Fields]: undefined extends Fields[Name] ? Name : never;
}[keyof Fields];

/** `Fields` with the possibly undefined ones made optional. */
export type Known<Fields> = Omit<Fields, MayBeUnknown<Fields>> & {
  [Name in MayBeUnknown<Fields>]?: Exclude<Fields[Name], undefined>;
};

/** Drops undefined fields: unknown is absent. On the hot path: called for every pool and volume. */
export function known<Fields extends object>(fields: Fields): Known<Fields> {
  const kept: Partial<Fields> = {};
  for (const name of Object.keys(fields) as (keyof Fields)[])
    if (fields[name] !== undefined) kept[name] = fields[name];
  return kept as Known<Fields>;
}
