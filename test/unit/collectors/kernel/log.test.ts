import { describe, expect, it } from 'vitest';
import { parseKernelLog } from '../../../../src/collectors/kernel/log.ts';

describe('parseKernelLog', () => {
  it('reads records of /dev/kmsg, with further fields and without properties', () => {
    const text =
      '#monotonic 9000000\n6,339,5140900,-,caller=T1;NET: one; two\n SUBSYSTEM=net\n DEVICE=+net:lo\n30,340,5690716,c;udevd[80]: hello\n3,341,5690717,-;next\n';
    expect(parseKernelLog(text)).toEqual({
      nowUs: 9_000_000,
      lost: 0,
      records: [
        { us: 5_140_900, message: 'NET: one; two' },
        { us: 5_690_717, message: 'next' },
      ],
    });
  });

  it('leaves out what programs wrote: only the kernel has facility 0', () => {
    expect(
      parseKernelLog('11,1,5,-;device-mapper: thin: 253:2: switching pool to fail mode\n').records,
    ).toEqual([]);
  });

  it('undoes escapes, of UTF-8 too', () => {
    const [record] = parseKernelLog('3,1,5,-;a\\x5cb \\xc3\\xbc\\x0ac\n').records;
    expect(record?.message).toBe('a\\b ü\nc');
  });

  it('reads dmesg, raw, with callers and plain', () => {
    const text = '[    0.000012] one\n<6>[   12.345678][    T1]  two\n[99999.000001][C0] three\n';
    expect(parseKernelLog(text).records).toEqual([
      { us: 12, message: 'one' },
      { us: 12_345_678, message: ' two' },
      { us: 99_999_000_001, message: 'three' },
    ]);
  });

  it('reports how many records were lost', () => {
    expect(parseKernelLog('#monotonic 5\n#lost 17\n')).toEqual({ nowUs: 5, lost: 17, records: [] });
  });

  it('finds nothing in nothing', () => {
    expect(parseKernelLog('')).toEqual({ lost: 0, records: [] });
  });

  it('ignores a torn line among records, and refuses text without any', () => {
    expect(parseKernelLog('3,1,\n3,2,5,-;whole\n').records).toHaveLength(1);
    expect(() => parseKernelLog('hello\n')).toThrow(/expected a record .* got "hello"/);
  });

  it.each(['3,1,1000000000000000,-;x', '[1000000000.000000] x', '#monotonic 1000000000000000'])(
    'refuses a time since boot of 31 years: %s',
    (line) => {
      expect(() => parseKernelLog(`${line}\n`)).toThrow(/microseconds since boot/);
    },
  );

  it('refuses a time that no double holds', () => {
    expect(() => parseKernelLog('3,1,99999999999999999,-;x\n')).toThrow(/microseconds as a whole number/);
  });
});
