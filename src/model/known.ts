type MayBeUnknown<Fields> = {
  [Name in keyof Fields]: undefined extends Fields[Name] ? Name : never;
}[keyof Fields];

/** `Fields` with what may be undefined made optional. */
export type Known<Fields> = Omit<Fields, MayBeUnknown<Fields>> & {
  [Name in MayBeUnknown<Fields>]?: Exclude<Fields[Name], undefined>;
};

/** Leaves out the fields that are undefined: unknown is absent. */
export function known<Fields extends object>(fields: Fields): Known<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Known<Fields>;
}
