import { describe, expect, it } from 'vitest';
import { createLogger, formatLine } from '../../src/log.ts';

function record(logLevel: 'debug' | 'info', logFormat: 'text' | 'json') {
  const lines: string[] = [];
  return { lines, log: createLogger({ logLevel, logFormat }, { write: (line) => lines.push(line) }) };
}

const failure = Object.assign(new Error('no\nthing'), { code: 'ENOENT', env: { TOKEN: 'secret' } });

describe('json', () => {
  it('writes one object a line, without process id and host name', () => {
    const { lines, log } = record('info', 'json');
    log.child({ collector: 'pools' }).warn({ ageMs: 5 }, 'late');
    expect(JSON.parse(lines.join(''))).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      collector: 'pools',
      ageMs: 5,
      msg: 'late',
    });
  });

  it('reports the message of an error, and no other property', () => {
    const { lines, log } = record('info', 'json');
    log.error({ err: failure }, 'failed');
    expect(JSON.parse(lines.join('')).err).toBe('no\nthing');
  });

  it('adds the stack at level debug', () => {
    const { lines, log } = record('debug', 'json');
    log.error({ err: failure }, 'failed');
    expect(JSON.parse(lines.join('')).err).toContain('log.test.ts');
  });

  it('leaves out what is below its level', () => {
    const { lines, log } = record('info', 'json');
    log.debug('quiet');
    expect(lines).toEqual([]);
  });
});

describe('priorities', () => {
  it.each(['text', 'json'] as const)('precede each line of %s for the journal', (logFormat) => {
    const lines: string[] = [];
    const log = createLogger({ logLevel: 'debug', logFormat }, { write: (line) => lines.push(line) }, true);
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error({ code: 'data-full' }, 'd');
    expect(lines.map((line) => line.slice(0, 4))).toEqual(
      logFormat === 'json' ? ['<7>{', '<6>{', '<4>{', '<3>{'] : ['<7>t', '<6>t', '<4>t', '<3>t'],
    );
    expect(lines[3]).toMatch(/data-full/);
  });
});

describe('text', () => {
  it('is logfmt as promslog writes it', () => {
    const { lines, log } = record('info', 'text');
    log.info({ address: ':10058', pool: 'a b', n: null, deep: { x: 1 } }, 'Listening');
    expect(lines.join('')).toMatch(
      /^time=\d{4}-\S+Z level=INFO msg="Listening" address=:10058 pool="a b" n=null deep\.x=1\n$/,
    );
  });

  it.each([
    ['[::1]:10058', '[::1]:10058'],
    ['vg0/data', 'vg0/data'],
    ['a\\x2d', 'a\\x2d'],
    ['größe', 'größe'],
    ['', '""'],
    ['a b', '"a b"'],
    ['a=b', '"a=b"'],
    ['say "a"', '"say \\"a\\""'],
    ['"\\"', '"\\"\\\\\\""'],
    ['a\u00a0b', '"a\u00a0b"'],
    ['a\nb', '"a\\nb"'],
    ['\u007f', '"\\u007f"'],
    ['\u202e', '"\\u202e"'],
  ])('quotes %j where a slog.TextHandler would', (value, written) => {
    const { lines, log } = record('info', 'text');
    log.info({ value }, 'Message');
    expect(lines.join('')).toMatch(/ msg="Message" value=/);
    expect(lines.join('').split(' value=')[1]).toBe(`${written}\n`);
  });

  it('keeps one message on one line and free of escapes', () => {
    const { lines, log } = record('info', 'text');
    log.error({ err: failure, name: 'a\u001b[2J\u202e' }, 'bad\nFAKE line\r');
    expect(lines.join('').trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(lines.join('')).toContain(' err="no\\nthing"');
  });

  it('does without a message', () => {
    expect(formatLine('{"level":"info","time":"T"}')).toBe('time=T level=INFO msg=""\n');
  });
});
