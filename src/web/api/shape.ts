/** What an answer has of an object of the model: which fields, under which keys. */
export interface Shape<Model, Json> {
  /** Every key, with those of objects in it behind a dot: `name`, `data.sizeBytes`. */
  readonly keys: readonly string[];
  readonly write: (model: Model) => Json;
}

type AnyShape = Shape<never, unknown>;
type Element<Value> = Value extends readonly (infer One)[] ? One : Exclude<Value, undefined>;

/** A field as it is, or as a shape writes it; of a list each element. */
type Fields<Model> = { readonly [Key in keyof Model]?: true | Shape<Element<Model[Key]>, unknown> };

type Written<Value, Json> = Value extends readonly unknown[] ? readonly Json[] : Json;

type JsonOf<Model, Given> = {
  readonly [Key in keyof Pick<Model, Extract<keyof Given, keyof Model>>]: Given[Key &
    keyof Given] extends Shape<never, infer Json>
    ? Written<Exclude<Model[Key], undefined>, Json>
    : Exclude<Model[Key], undefined>;
};

/** The type of what a shape writes. */
export type JsonBy<Of extends AnyShape> = ReturnType<Of['write']>;

/**
 * A shape with exactly these fields. The model may gain fields, and an answer does not; one that it loses or renames does not
 * compile before the answer has been thought of. What is unknown has no key.
 */
export function shape<Model extends object>() {
  return <const Given extends Fields<Model>>(
    given: Given & { readonly [Key in Exclude<keyof Given, keyof Model>]: never },
  ): Shape<Model, JsonOf<Model, Given>> => {
    const fields = Object.entries<true | AnyShape>(given);
    const write = (model: Model): JsonOf<Model, Given> => {
      const json: Record<string, unknown> = {};
      for (const [key, field] of fields) {
        const value: unknown = Reflect.get(model, key);
        if (value !== undefined) json[key] = field === true ? value : writeBy(field, value);
      }
      return json as JsonOf<Model, Given>;
    };
    return { keys: fields.flatMap(keysOf), write };
  };
}

function writeBy({ write }: AnyShape, value: unknown): unknown {
  return Array.isArray(value) ? value.map((one) => write(one as never)) : write(value as never);
}

function keysOf([key, field]: readonly [string, true | AnyShape]): readonly string[] {
  return field === true ? [key] : field.keys.map((inner) => `${key}.${inner}`);
}
