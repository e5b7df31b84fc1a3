type MayBeUndefined<Fields> = {
  [Name in keyof Fields]: undefined extends Fields[Name] ? Name : never;
}[keyof Fields];

/** `Fields` with the possibly undefined ones made optional. */
export type OmitUndefined<Fields> = Omit<Fields, MayBeUndefined<Fields>> & {
  [Name in MayBeUndefined<Fields>]?: Exclude<Fields[Name], undefined>;
};

/** Drops undefined fields: unknown is absent. On the hot path: called for every pool and volume. */
export function omitUndefined<Fields extends object>(fields: Fields): OmitUndefined<Fields> {
  const kept: Partial<Fields> = {};
  for (const name of Object.keys(fields) as (keyof Fields)[])
    if (fields[name] !== undefined) kept[name] = fields[name];
  return kept as OmitUndefined<Fields>;
}
