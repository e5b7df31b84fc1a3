type MayBeUnknown<Fields> = {
  [Name in keyof Fields]: undefined extends Fields[Name] ? Name : never;
}[keyof Fields];

/** `Fields` with what may be undefined made optional. */
export type Known<Fields> = Omit<Fields, MayBeUnknown<Fields>> & {
  [Name in MayBeUnknown<Fields>]?: Exclude<Fields[Name], undefined>;
};

/** Leaves out the fields that are undefined: unknown is absent. Called for every pool and volume of a round. */
export function known<Fields extends object>(fields: Fields): Known<Fields> {
  const kept: Partial<Fields> = {};
  for (const name of Object.keys(fields) as (keyof Fields)[])
    if (fields[name] !== undefined) kept[name] = fields[name];
  return kept as Known<Fields>;
}
