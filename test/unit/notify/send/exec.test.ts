import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecEndpoint } from '../../../../src/notify/file/endpoint.ts';
import { openEndpoint } from '../../../../src/notify/send/endpoint.ts';
import { makeNotification, makeReceiver } from '../support.ts';

let folder: string;
let programs = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'thinpool-exec-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function open(script: string, parts: Partial<ExecEndpoint> = {}) {
  programs += 1;
  const program = join(folder, `program-${programs}`);
  writeFileSync(program, `#!/bin/sh\ncd '${folder}'\n${script}\n`, { mode: 0o755 });
  return openEndpoint(
    { ...makeReceiver(), type: 'exec', program, args: [], timeoutMs: 3000, ...parts },
    'db1',
  );
}
const written = (name: string): string => readFileSync(join(folder, name), 'utf8');

function isAlive(pidFile: string): boolean {
  const pid = written(pidFile).trim();
  return existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

describe('a program', () => {
  it('reads the notification from its standard input, and gets its arguments as they are', async () => {
    const deliver = open('cat > body; printf "%s|" "$@" > args', { args: ['$(id)', 'a b', "'"] });
    expect(await deliver(makeNotification())).toEqual({ outcome: 'ok' });
    expect(JSON.parse(written('body'))).toMatchObject({
      version: 1,
      id: makeNotification().id,
      host: 'db1',
      status: 'firing',
      alert: 'ThinPoolFull',
    });
    expect(written('args')).toBe("$(id)|a b|'|");
  });

  it('has no variable of the exporter', async () => {
    process.env['SECRET_OF_TEST'] = 's3cret';
    await open('env > env')(makeNotification());
    const names = written('env')
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(
      names.filter((name) => !['LC_ALL', 'PATH', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name!)),
    ).toEqual([]);
  });

  it('need not read what it gets', async () => {
    const notification = makeNotification({ key: 'k'.repeat(500_000) });
    expect(await open('exit 0')(notification)).toEqual({ outcome: 'ok' });
    expect(await open('exec 0<&-; sleep 0.1')(notification)).toEqual({ outcome: 'ok' });
  });

  it.each([
    [1, { outcome: 'failed', why: 'exit status 1' }],
    [75, { outcome: 'failed', why: 'exit status 75' }],
    [65, { outcome: 'refused', why: 'exit status 65', isContentRefused: true }],
  ])('that exits with %i is judged by that, and what it prints is not repeated', async (code, result) => {
    expect(await open(`echo s3cret; echo s3cret >&2; exit ${code}`)(makeNotification())).toEqual(result);
  });

  it('that was killed has failed', async () => {
    expect(await open('kill -9 $$')(makeNotification())).toMatchObject({ outcome: 'failed' });
  });

  it('that is gone is reported', async () => {
    const program = join(folder, 'none');
    expect(await open('', { program })(makeNotification())).toMatchObject({ outcome: 'unreachable' });
  });
});

describe('a program without end', () => {
  it.each([
    ['hangs', 'sleep 1000 & echo $! > pid; wait'],
    ['hangs and ignores SIGTERM', 'trap "" TERM; echo $$ > pid; while :; do sleep 1; done'],
  ])('that %s is ended at the timeout, with what it started', async (_, script) => {
    const deliver = open(script, { timeoutMs: 300 });
    const result = { outcome: 'timed-out', why: 'no result within 300 ms' };
    expect(await deliver(makeNotification())).toEqual(result);
    expect(isAlive('pid')).toBe(false);
    // The next one is run.
    expect(await deliver(makeNotification())).toEqual(result);
  });

  it('that prints without end is ended', async () => {
    const result = { outcome: 'failed', why: 'more than 1048576 bytes' };
    expect(await open('echo $$ > pid; yes')(makeNotification())).toEqual(result);
    expect(isAlive('pid')).toBe(false);
  });

  it('that leaves others behind has ended, and so have they', async () => {
    const began = performance.now();
    const deliver = open('(trap "" TERM HUP; echo $$ > /dev/null; sleep 1000) & echo $! > pid');
    expect(await deliver(makeNotification())).toEqual({ outcome: 'ok' });
    expect(performance.now() - began).toBeLessThan(2500);
    await expect.poll(() => isAlive('pid')).toBe(false);
  });
});
