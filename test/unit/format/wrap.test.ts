import { describe, expect, it } from 'vitest';
import { wrap } from '../../../src/format/wrap.ts';

describe('wrap', () => {
  it('fills lines up to the width', () => {
    expect(wrap('one two three', '  ', 9)).toBe('  one two\n  three');
  });

  it('gives a longer word a line of its own', () => {
    expect(wrap('a incomprehensible b', '', 5)).toBe('a\nincomprehensible\nb');
  });

  it('splits no command, and keeps what stands next to it', () => {
    expect(wrap('Run (`lvextend -L +1G vg/lv`), now.', '', 20)).toBe('Run\n(`lvextend -L +1G vg/lv`),\nnow.');
  });

  it('takes a lone backtick as any other letter', () => {
    expect(wrap('a ` b c', '', 5)).toBe('a ` b\nc');
  });
});
