import { describe, expect, it } from 'vitest';
import { shape } from '../../../../src/web/api/shape.ts';

interface Part {
  readonly name: string;
  readonly size?: number;
}

interface Model {
  readonly id: number;
  readonly note?: string;
  readonly first?: Part;
  readonly parts: readonly Part[];
}

const part = shape<Part>()({ name: true, size: true });
const model = shape<Model>()({ id: true, note: true, first: part, parts: part });

describe('a shape', () => {
  it('writes its fields, those of objects in it and of each element of a list', () => {
    const first = { name: 'a', size: 1 };
    expect(model.write({ id: 0, note: '', first, parts: [first, { name: 'b' }] })).toEqual({
      id: 0,
      note: '',
      first: { name: 'a', size: 1 },
      parts: [{ name: 'a', size: 1 }, { name: 'b' }],
    });
  });

  it('has no key for what is unknown', () => {
    expect(JSON.stringify(model.write({ id: 1, parts: [] }))).toBe('{"id":1,"parts":[]}');
  });

  it('leaves out what it does not name', () => {
    const grown = { id: 1, parts: [{ name: 'a', secret: 's' }], secret: 's' };
    expect(JSON.stringify(model.write(grown))).not.toContain('secret');
  });

  it('lists its keys, each with its path', () => {
    expect(model.keys).toEqual(['id', 'note', 'first.name', 'first.size', 'parts.name', 'parts.size']);
  });

  it('does not compile with a field that the model does not have', () => {
    // @ts-expect-error: there is no such field
    expect(shape<Part>()({ name: true, colour: true }).keys).toEqual(['name', 'colour']);
  });
});
