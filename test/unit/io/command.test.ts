import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/io/command.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'thinpool-command-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };
const bounds = { timeoutMs: 400, maxBytes: 100_000, env };

async function program(name: string, script: string): Promise<string> {
  const file = join(dir, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

async function timed<Value>(promise: Promise<Value>): Promise<{ value: Value; ms: number }> {
  const start = performance.now();
  return { value: await promise, ms: performance.now() - start };
}

/** Keeps the event loop busy. */
function occupy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

async function isAlive(pidFile: string): Promise<boolean> {
  const pid = (await readFile(pidFile, 'utf8')).trim();
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ' Z ');
  return !stat.includes(') Z ') && stat !== ' Z ';
}

describe('runCommand', () => {
  it('gives output, exit code and stderr of a command that ends', async () => {
    const file = await program('plain', 'echo out; echo err >&2; exit 5');
    const { result } = runCommand([file], bounds);
    expect(await result).toMatchObject({
      ok: true,
      output: { stdout: 'out\n', stderr: 'err\n', exitCode: 5 },
    });
  });

  it('returns all of it if the event loop learns of the end before it has read the output', async () => {
    const file = await program('late', 'sleep 0.6; echo first; echo last');
    const { result } = runCommand([file], { ...bounds, timeoutMs: 5000 });
    const other = spawn('echo', ['x']);
    // The other's output and end are met together, and while its output is read the first one writes and ends, too.
    // Its end then arrives with the other's, and before its pipe is read more time passes than it is given.
    other.stdout.once('data', () => occupy(1500));
    other.once('exit', () => occupy(600));
    occupy(300);
    expect(await result).toMatchObject({ ok: true, output: { stdout: 'first\nlast\n', exitCode: 0 } });
  });

  it('passes arguments as they are, without a shell, and no variable of ours', async () => {
    const file = await program('args', 'printf "%s|" "$@"; printf "%s" "$SECRET_OF_TEST"');
    process.env['SECRET_OF_TEST'] = 'leaked';
    const { result } = runCommand([file, '$(id)', 'a b', "'"], bounds);
    expect(await result).toMatchObject({ output: { stdout: "$(id)|a b|'|" } });
  });

  it('names a missing and a forbidden program', async () => {
    const forbidden = await program('forbidden', 'true');
    await chmod(forbidden, 0o644);
    const missing = runCommand([join(dir, 'none')], bounds);
    expect(await missing.result).toMatchObject({ ok: false, reason: 'not-installed' });
    await missing.exited;
    expect(await runCommand([forbidden], bounds).result).toMatchObject({
      ok: false,
      reason: 'permission-denied',
    });
  });

  it('settles at the deadline when the child ignores SIGTERM, and then kills it', async () => {
    const file = await program(
      'stubborn',
      `echo $$ > ${dir}/stubborn.pid; trap '' TERM; while :; do sleep 0.05; done`,
    );
    const attempt = runCommand([file], bounds);
    const { value, ms } = await timed(attempt.result);
    expect(value).toMatchObject({ ok: false, reason: 'timed-out' });
    expect(ms).toBeLessThan(900);
    expect(await isAlive(`${dir}/stubborn.pid`)).toBe(true);
    await attempt.exited;
    expect(await isAlive(`${dir}/stubborn.pid`)).toBe(false);
  });

  it('leaves a command alone for as long as it may, settles at the deadline all the same, and then ends it', async () => {
    const file = await program('waiting', `echo $$ > ${dir}/waiting.pid; exec sleep 30`);
    const attempt = runCommand([file], { ...bounds, killGraceMs: 600 });
    const { value, ms } = await timed(attempt.result);
    expect(value).toMatchObject({ ok: false, reason: 'timed-out' });
    expect(ms).toBeLessThan(900);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await isAlive(`${dir}/waiting.pid`)).toBe(true);
    const { ms: rest } = await timed(attempt.exited);
    expect(rest).toBeLessThan(1500);
    expect(await isAlive(`${dir}/waiting.pid`)).toBe(false);
  });

  it('lets a command that was not killed end on its own', async () => {
    const file = await program('late', `sleep 0.6; echo whole > ${dir}/late`);
    const attempt = runCommand([file], { ...bounds, killGraceMs: 60_000 });
    expect(await attempt.result).toMatchObject({ reason: 'timed-out' });
    const { ms } = await timed(attempt.exited);
    expect(ms).toBeLessThan(2000);
    expect(await readFile(`${dir}/late`, 'utf8')).toBe('whole\n');
  });

  it('does not say gone while the child is still alive', async () => {
    // A stopped child takes no SIGTERM; only the SIGKILL that follows ends it.
    const file = await program('asleep', `echo $$ > ${dir}/asleep.pid; kill -STOP $$`);
    const attempt = runCommand([file], { ...bounds, timeoutMs: 200 });
    expect(await attempt.result).toMatchObject({ reason: 'timed-out' });
    const first = await Promise.race([
      attempt.exited.then(() => 'gone'),
      new Promise((resolve) => setTimeout(resolve, 50, 'alive')),
    ]);
    expect(first).toBe('alive');
    await attempt.exited;
  });

  it('does not wait for a grandchild that keeps the pipe open', async () => {
    const file = await program('parent', `sleep 30 & echo $! > ${dir}/grandchild.pid; echo complete`);
    const { value, ms } = await timed(runCommand([file], { ...bounds, timeoutMs: 5000 }).result);
    expect(value).toMatchObject({ ok: true, output: { stdout: 'complete\n', exitCode: 0 } });
    expect(ms).toBeLessThan(2500);
    process.kill(Number(await readFile(`${dir}/grandchild.pid`, 'utf8')));
  });

  it('stops a command that prints without end', async () => {
    const file = await program('endless', 'exec yes');
    const attempt = runCommand([file], { ...bounds, timeoutMs: 5000 });
    expect(await attempt.result).toMatchObject({ ok: false, reason: 'output-too-large' });
    await attempt.exited;
  });

  it('takes silence for silence', async () => {
    const file = await program('silent', 'true');
    expect(await runCommand([file], bounds).result).toMatchObject({
      ok: true,
      output: { stdout: '', exitCode: 0 },
    });
  });

  it('keeps invalid UTF-8 visible as U+FFFD', async () => {
    const file = await program('binary', "printf 'a\\377b\\n'");
    expect(await runCommand([file], bounds).result).toMatchObject({ output: { stdout: 'a\u{fffd}b\n' } });
  });

  it('does not call a killed child a success', async () => {
    const file = await program('killed', 'echo half; kill -KILL $$');
    expect(await runCommand([file], bounds).result).toMatchObject({ ok: true, output: { exitCode: 128 } });
  });
});
