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
    log.child({ source: 'pools' }).warn({ ageMs: 5 }, 'late');
    expect(JSON.parse(lines.join(''))).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      source: 'pools',
      ageMs: 5,
      msg: 'late',
    });
  });

  it('tells of an error its name, message and code, and nothing else that hangs on it', () => {
    const { lines, log } = record('info', 'json');
    log.error({ err: failure }, 'failed');
    expect(JSON.parse(lines.join('')).err).toEqual({ name: 'Error', message: 'no\nthing', code: 'ENOENT' });
  });

  it('adds the stack at level debug', () => {
    const { lines, log } = record('debug', 'json');
    log.error({ err: failure }, 'failed');
    expect(JSON.parse(lines.join('')).err.stack).toContain('log.test.ts');
  });

  it('leaves out what is below its level', () => {
    const { lines, log } = record('info', 'json');
    log.debug('quiet');
    expect(lines).toEqual([]);
  });
});

describe('text', () => {
  it('writes a line for people', () => {
    const { lines, log } = record('info', 'text');
    log.info({ address: ':10056', pool: 'a b', n: null, deep: { x: 1 } }, 'listening');
    expect(lines.join('')).toMatch(
      /^\d{4}-\S+Z INFO {2}listening address=:10056 pool="a b" n=null deep\.x=1\n$/,
    );
  });

  it('keeps one message on one line and free of escapes', () => {
    const { lines, log } = record('info', 'text');
    log.error({ err: failure, name: 'a\u001b[2J\u202e' }, 'bad\nFAKE line\r');
    expect(lines.join('').trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(lines.join('')).toContain('err.message="no\\nthing"');
  });

  it('does without a message', () => {
    expect(formatLine('{"level":"info","time":"T"}')).toBe('T INFO  \n');
  });
});
