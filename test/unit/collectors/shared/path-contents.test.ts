import { describe, expect, it } from 'vitest';
import { parsePathContents } from '../../../../src/collectors/shared/path-contents.ts';

describe('parsePathContents', () => {
  it('takes off one line feed and leaves out what is not there', () => {
    const contents = parsePathContents('{"/sys/a":"60\\n","/sys/b":null,"/sys/c":"name \\n\\n"}');
    expect([...contents]).toEqual([
      ['/sys/a', '60'],
      ['/sys/c', 'name \n'],
    ]);
  });

  it.each(['', 'x', '[]', '"text"', 'null', '{"/sys/a"'])('refuses %j', (text) => {
    expect(() => parsePathContents(text)).toThrow(/expected a JSON object from path to content/);
  });

  it('refuses contents that are no text', () => {
    expect(() => parsePathContents('{"/sys/a":60}')).toThrow('expected text or null for /sys/a');
  });
});
