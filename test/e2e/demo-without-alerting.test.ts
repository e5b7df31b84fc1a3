import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../demo/ports.ts';
import { listProcesses, processesIn } from '../support/processes.ts';

const project = join(import.meta.dirname, '../..');
const temporary = mkdtempSync(join(tmpdir(), 'demo-test-'));
let demo: ChildProcess | undefined;

afterEach(() => {
  // It is over already, unless the test failed; then it takes its exporter with it.
  demo?.kill('SIGTERM');
});
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** Starts the real demo, and waits for the address it prints. */
async function startDemo(...args: string[]) {
  const { child, output, ended } = spawnDemo(args);
  let url: string | undefined;
  for (let tries = 0; url === undefined && tries < 100; tries += 1) {
    url = /http:\/\/[\d.]+:\d+/.exec(output.text)?.[0];
    await sleep(100);
  }
  if (url === undefined) throw new Error(`no address: ${output.text}`);
  return { child, output, ended, url };
}

/** Node.js itself does not catch SIGHUP (signal 1, the lowest bit). */
function catchesHangUp(pid: number): boolean {
  const caught = /^SigCgt:\s*(?<mask>[0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number.parseInt(caught?.groups?.['mask']?.slice(-1) ?? '0', 16) & 1) === 1;
}

function spawnDemo(args: readonly string[]) {
  const child = spawn(process.execPath, [join(project, 'dist/main.js'), 'demo', '--no-alerting', ...args], {
    env: { ...process.env, TMPDIR: temporary },
    // A group of its own, as the command of a terminal has.
    detached: true,
  });
  demo = child;
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output.text += chunk;
    });
  return { child, output, ended: once(child, 'exit') };
}

async function fetchText(url: string): Promise<string> {
  try {
    return await (await fetch(url)).text();
  } catch {
    return '';
  }
}

describe('thinpool-exporter demo', () => {
  // The first half of the story, at a pace at which a busy machine still sees it go on.
  it('shows pools that change, comes to a critical finding, and ends on its own', {
    timeout: 90_000,
  }, async () => {
    const { child, output, ended, url } = await startDemo('--for', '30s', '--speed', '3');
    const used = new Set<string>();
    const found = new Set<string>();
    while (child.exitCode === null) {
      const metrics = await fetchText(`${url}/metrics`);
      const sample = /^thinpool_data_used_bytes\{pool="docker-thinpool"\} (?<bytes>\S+)$/m.exec(metrics);
      if (sample?.groups?.['bytes'] !== undefined) used.add(sample.groups['bytes']);
      const findings = await fetchText(`${url}/api/v1/findings`);
      for (const [, code, severity] of findings.matchAll(/"code": ?"([\w-]+)",\s*"severity": ?"(\w+)"/g))
        found.add(`${severity} ${code}`);
      await sleep(200);
    }
    expect(await ended).toEqual([0, null]);
    expect(used.size).toBeGreaterThan(2);
    expect([...found]).toContain('critical data-full-queueing');
    // From the simulated sysfs through a simulated stat.
    expect([...found]).toContain('warning host-file-system-low');
    expect(output.text).toMatch(/status .*docker-thinpool \d+%\/\d+%/);
    // The simulated tools answer every query of the exporter.
    expect(output.text).not.toMatch(/Query failed|Nothing to read/);
    expect(await fetchText(`${url}/metrics`), 'the exporter has ended too').toBe('');
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('ends with its exporter at Ctrl-C, and leaves nothing behind', async () => {
    const { child, ended, url } = await startDemo();
    while ((await fetchText(`${url}/-/healthy`)) === '') await sleep(100);
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(await fetchText(`${url}/-/healthy`)).toBe('');
    expect(readdirSync(temporary)).toEqual([]);
  });

  // Ctrl-C reaches every process of the group. The exporter must not report the command that it ran at that moment.
  it('says nothing but its last line at Ctrl-C', async () => {
    const { child, output, ended } = await startDemo();
    const folder = join(temporary, readdirSync(temporary)[0]!);
    writeFileSync(
      join(folder, 'bin/vgs'),
      '#!/bin/sh\nhere=$(dirname "$0")\n: >"$here/../begun"\nsleep 1.3\nexec "$here/lvm" vgs "$@"\n',
    );
    while (!existsSync(join(folder, 'begun'))) await sleep(20);
    const before = output.text;
    process.kill(-child.pid!, 'SIGINT');
    expect(await ended).toEqual([0, null]);
    const after = output.text.slice(before.length).replace(/^.* (story|status) .*\n/gm, '');
    expect(after).toBe('The demo has ended; its programs are stopped, and its files are removed.\n');
  });

  it('answers at the address as soon as it is announced', async () => {
    const { child, ended, url } = await startDemo();
    expect(await fetchText(`${url}/-/healthy`)).not.toBe('');
    child.kill('SIGINT');
    await ended;
  });

  it('announces nothing on a port in use, and says so in one line', async () => {
    const server = createServer().listen(await freePort(20_456), '127.0.0.1');
    await once(server, 'listening');
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { output, ended } = spawnDemo([`--web.listen-address=${address}`]);
    expect(await ended).toEqual([2, null]);
    expect(output.text).toBe(
      `demo: ${address} is in use, or is not an address of this host; choose another with --web.listen-address\n`,
    );
    server.close();
  });

  it('announces nothing if the exporter does not start', async () => {
    const { output, ended } = spawnDemo(['--web.config.file=/nowhere']);
    expect(await ended).toEqual([2, null]);
    expect(output.text).not.toContain('http://');
    expect(output.text).toContain('The exporter has ended with exit status 2, and the demo with it.\n');
  });

  it('opens no inspector at SIGUSR1, and keeps running, nor does the process that cleans up after it', async () => {
    const { child, output, ended, url } = await startDemo();
    while ((await fetchText(`${url}/-/healthy`)) === '') await sleep(100);
    const supervisor = listProcesses(temporary).find(({ command }) => command.includes('demo-supervisor'));
    if (supervisor === undefined) throw new Error('no supervisor');
    // Until its program runs, the signal is Node's.
    while (!catchesHangUp(supervisor.pid)) await sleep(50);
    for (let signal = 0; signal < 3; signal += 1) {
      for (const pid of [child.pid ?? 0, supervisor.pid]) process.kill(pid, 'SIGUSR1');
      await sleep(200);
    }
    expect(await fetchText(`${url}/-/healthy`)).not.toBe('');
    expect(listProcesses(temporary)).toContainEqual(supervisor);
    expect(output.text).not.toMatch(/debugger|inspector/i);
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('takes its exporter with it when it is killed', async () => {
    const { child, ended, url } = await startDemo();
    while ((await fetchText(`${url}/-/healthy`)) === '') await sleep(100);
    child.kill('SIGKILL');
    await ended;
    for (let tries = 0; (await fetchText(`${url}/-/healthy`)) !== '' && tries < 50; tries += 1)
      await sleep(100);
    expect(await fetchText(`${url}/-/healthy`)).toBe('');
    for (let tries = 0; readdirSync(temporary).length > 0 && tries < 100; tries += 1) await sleep(100);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('takes its exporter with it when it is killed at once', async () => {
    const { child, ended } = spawnDemo([]);
    // The exporter has hardly begun: it does not listen yet.
    while (!listProcesses(temporary).some(({ command }) => command.includes('demo-supervisor')))
      await sleep(5);
    child.kill('SIGKILL');
    await ended;
    const isLeft = () => readdirSync(temporary).length > 0 || processesIn(temporary).length > 0;
    for (let tries = 0; isLeft() && tries < 150; tries += 1) await sleep(100);
    expect([processesIn(temporary), readdirSync(temporary)]).toEqual([[], []]);
  });

  it('takes the next port when one is in use', async () => {
    const first = await freePort(20_056);
    const server = createServer().listen(first, '127.0.0.1');
    await once(server, 'listening');
    expect(await freePort(first)).toBeGreaterThan(first);
    server.close();
  });
});
