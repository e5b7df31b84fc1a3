type KnownFields<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

/** The same object without its undefined fields: what is unknown is left out, not said to be undefined. */
export function knownFields<Fields extends object>(fields: Fields): KnownFields<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Object.fromEntries forgets which keys there are; no field was added or changed.
  return Object.fromEntries(entries) as KnownFields<Fields>;
}
