import { chmodSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineApi } from '../../../src/io/docker-socket.ts';
import { answer, FakeEngine, hang } from '../../support/engine.ts';
import { itWith } from '../../support/needs.ts';

const bounds = { timeoutMs: 300, maxBytes: 100_000 };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let daemon: FakeEngine;
let api: EngineApi;
beforeEach(async () => {
  daemon = await new FakeEngine().listen();
  api = new EngineApi(`unix://${daemon.path}`);
});
afterEach(async () => {
  api.close();
  await daemon.close();
});

const ask = (engine: readonly string[], keep?: readonly (readonly string[])[], given = {}) =>
  api.read(keep === undefined ? { engine } : { engine, keep }, { ...bounds, ...given });

describe('an answer', () => {
  it('is given as it came, and the connection closed', async () => {
    daemon.behaviours.set('/info', answer('{"Driver":"devicemapper"}\n'));
    const before = Date.now();
    const { result, exited } = ask(['/info']);
    const ending = await result;
    expect(ending).toMatchObject({
      ok: true,
      output: { stdout: '{"Driver":"devicemapper"}\n', stderr: '', exitCode: 0 },
    });
    expect(ending.ok && ending.output.takenAt).toBeGreaterThanOrEqual(before);
    await exited;
    await pause(20);
    expect(daemon.open.size).toBe(0);
    expect(daemon.requests).toEqual(['GET /info HTTP/1.1']);
  });

  it('is whole in chunks, and however it is cut', async () => {
    daemon.behaviours.set('/info', (connection) => {
      connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n');
      setTimeout(() => connection.end('7\r\n":"\u00e9"}\r\n0\r\n\r\n'), 50);
    });
    expect(await ask(['/info']).result).toMatchObject({ output: { stdout: '{"a":"\u00e9"}' } });
  });

  it('keeps no more than it may, a line for each object', async () => {
    const inspect = (name: string) =>
      answer(JSON.stringify({ Name: name, Config: { Env: ['TOKEN=1'], Image: 'a' }, Args: ['--key', '2'] }));
    daemon.behaviours.set('/a', inspect('/web')).set('/b', inspect('/db'));
    const kept = await ask(['/a', '/b'], [['Name'], ['Config', 'Image'], ['None', 'x'], ['Name', 'x']])
      .result;
    expect(kept).toMatchObject({
      output: { stdout: '["/web","a",null,null]\n["/db","a",null,null]\n', exitCode: 0 },
    });
    daemon.behaviours.set('/list', answer('[{"Id":"1","Command":"secret"},{"Id":"2"}]'));
    expect(await ask(['/list'], [['Id']]).result).toMatchObject({ output: { stdout: '["1"]\n["2"]\n' } });
  });

  it('that refuses is reported in the words of the docker command, and the others are returned', async () => {
    daemon.behaviours.set('/b', answer('{"a":1}'));
    daemon.behaviours.set('/c', answer('<html>bad gateway', '502 Bad Gateway'));
    expect(await ask(['/none', '/b', '/c'], [['a']]).result).toMatchObject({
      ok: true,
      output: {
        stdout: '[1]\n',
        stderr: 'Error response from daemon: page not found\nError response from daemon: <html>bad gateway\n',
        exitCode: 1,
      },
    });
  });
});

describe('no answer', () => {
  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'unparseable', /expected HTTP on the Docker socket/],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"a', 'exited', /closed the connection/],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-Le', 'exited', /hang up|closed the connection/],
    ['nothing', '', 'exited', /hang up|closed the connection/],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(9000)}`, 'unparseable', /Header/],
  ] as const)('%s', async (_, bytes, reason, detail) => {
    daemon.behaviours.set('/info', bytes);
    const { result, exited } = ask(['/info']);
    expect(await result).toMatchObject({ ok: false, reason, detail: expect.stringMatching(detail) });
    await exited;
  });

  it('of what is no JSON where only parts are kept, and it is not shown', async () => {
    daemon.behaviours.set('/list', answer('TOKEN=1'));
    const result = await ask(['/list'], [['Id']]).result;
    expect(result).toMatchObject({ ok: false, reason: 'unparseable' });
    expect(JSON.stringify(result)).not.toContain('TOKEN');
  });

  it('larger than it may be: the connection is closed at once', async () => {
    daemon.behaviours.set('/info', (connection) => {
      connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const more = () => connection.writable && connection.write(`1000\r\n${'x'.repeat(4096)}\r\n`, more);
      more();
    });
    const { result, exited } = ask(['/info'], undefined, { timeoutMs: 5000, killGraceMs: 60_000 });
    expect(await result).toMatchObject({ reason: 'output-too-large', detail: 'more than 100000 bytes' });
    await exited;
  });

  it('larger than it may be, in many answers', async () => {
    daemon.behaviours.set('/a', answer(`{"x":"${'x'.repeat(60_000)}"}`));
    expect(await ask(['/a', '/a'], [['y']]).result).toMatchObject({ reason: 'output-too-large' });
  });

  it('without a socket, without a server behind it, or without permission', async () => {
    const none = new EngineApi(`unix://${daemon.path}.none`).read({ engine: ['/info'] }, bounds);
    expect(await none.result).toMatchObject({
      reason: 'unavailable',
      detail: expect.stringContaining('.none'),
    });
    writeFileSync(`${daemon.path}.file`, '');
    const file = new EngineApi(`unix://${daemon.path}.file`).read({ engine: ['/info'] }, bounds);
    expect(await file.result).toMatchObject({ reason: 'unavailable', detail: /ECONNREFUSED/ });
  });

  itWith('root')('where we have no right', {}, async () => {
    chmodSync(daemon.path, 0o600);
    process.seteuid?.(65_534);
    const result = await ask(['/info']).result.finally(() => process.seteuid?.(0));
    expect(result).toMatchObject({ reason: 'permission-denied' });
  });

  it.each(['tcp://10.0.0.1:2375', 'ssh://host', 'unix://relative'])('of %s, and why', async (host) => {
    const { result, exited } = new EngineApi(host).read({ engine: ['/info'] }, bounds);
    expect(await result).toMatchObject({
      reason: 'not-installed',
      detail: expect.stringContaining(`DOCKER_HOST is ${host}, but without the docker command`),
    });
    await exited;
  });
});

describe('a daemon that hangs', () => {
  it.each([
    ['before the head', hang],
    ['in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'],
  ])('%s does not keep a query past its deadline', async (_, behaviour) => {
    daemon.behaviours.set('/info', (connection) => {
      if (typeof behaviour === 'string') connection.write(behaviour);
    });
    const start = performance.now();
    const { result, exited } = ask(['/info']);
    expect(await result).toMatchObject({ reason: 'timed-out', detail: 'no response within 300 ms' });
    expect(performance.now() - start).toBeLessThan(900);
    await exited;
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it('that trickles is no better', async () => {
    daemon.behaviours.set('/info', (connection) => {
      connection.write('HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n');
      const timer = setInterval(() => connection.write(' '), 20);
      connection.once('close', () => clearInterval(timer));
    });
    const { result, exited } = ask(['/info']);
    expect(await result).toMatchObject({ reason: 'timed-out' });
    await exited;
  });

  it('is left alone for as long as it may be, and then hung up on', async () => {
    daemon.behaviours.set('/info', hang);
    const { result, exited } = ask(['/info'], undefined, { killGraceMs: 500 });
    await result;
    await pause(250);
    expect(daemon.open.size).toBe(1);
    await exited;
    await pause(20);
    expect(daemon.open.size).toBe(0);
  });

  it('gets no more requests from a query that is late, and may respond in the end', async () => {
    daemon.behaviours.set('/a', (connection) => setTimeout(() => connection.end(answer('{}')), 600));
    const { result, exited } = ask(['/a', '/b'], [['x']], { killGraceMs: 60_000 });
    expect(await result).toMatchObject({ reason: 'timed-out' });
    await exited;
    expect(daemon.requests).toEqual(['GET /a HTTP/1.1']);
  });

  it('is hung up on when the exporter ends', async () => {
    daemon.behaviours.set('/info', hang);
    const { result, exited } = ask(['/info'], undefined, { killGraceMs: 60_000 });
    await result;
    api.close();
    await exited;
    await pause(20);
    expect(daemon.open.size).toBe(0);
  });
});
