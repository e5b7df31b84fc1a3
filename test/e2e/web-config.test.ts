import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../demo/ports.ts';
import { type Running as Prometheus, startPrometheus } from '../artifacts/dashboards/prometheus.ts';
import { makeAuthority } from '../support/certificates.ts';
import { describeWith, itWith } from '../support/needs.ts';
import { buildProgram, type Running, runProgram, startProgram } from '../support/program.ts';
import { tool } from '../support/tools.ts';

const replay = `--replay=${join(import.meta.dirname, '..', 'hosts', 'lab-recipe')}`;
const password = 'correct horse';
const hash = hashSync(password, 10);

beforeAll(buildProgram, 60_000);

describeWith('openssl', 'curl')('the program with TLS and users', () => {
  let folder: string;
  let file: string;
  let running: Running;
  let address: string;
  let text: string;
  let slow: ReturnType<typeof beSlow>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'thinpool-access-'));
    const authority = makeAuthority(folder);
    authority.issue('server');
    authority.issue('client', 'DNS:prometheus.example');
    file = join(folder, 'web.yml');
    text = `tls_server_config:
  cert_file: server.crt
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
  client_allowed_sans: [prometheus.example]
  min_version: TLS12
basic_auth_users:
  prometheus: ${hash}
`;
    writeFileSync(file, text);
    running = startProgram([replay, '--web.listen-address=127.0.0.1:0', `--web.config.file=${file}`]);
    address = (await running.logged(/msg="Listening" address=(\S+)/))[1] ?? '';
    // It takes its time while the others take theirs.
    slow = beSlow();
  }, 60_000);

  afterAll(async () => {
    running.child.kill('SIGTERM');
    await running.ended;
    rmSync(folder, { recursive: true });
  });

  const path = (name: string) => join(folder, name);

  /** Bytes of memory that it holds now, and has held at most. */
  function memoryOf({ child }: Running): { now: number; most: number } {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const bytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
    return { now: bytes('VmRSS'), most: bytes('VmHWM') };
  }

  const curlFiles = () => [
    '--cacert',
    path('ca.crt'),
    '--cert',
    path('client.crt'),
    '--key',
    path('client.key'),
  ];

  /** What curl gets with all that it takes. */
  function scrape(): string {
    const args = ['-sS', ...curlFiles(), '-u', `prometheus:${password}`, `https://${address}/metrics`];
    return spawnSync(tool('curl'), args, { encoding: 'utf8' }).stdout;
  }

  describeWith('prometheus')('a real Prometheus', () => {
    let server: Prometheus;
    afterAll(() => server?.close());

    it('scrapes with the right credentials and with no others', { timeout: 60_000 }, async () => {
      const right = {
        scheme: 'https',
        basic_auth: { username: 'prometheus', password },
        tls_config: { ca_file: path('ca.crt'), cert_file: path('client.crt'), key_file: path('client.key') },
        static_configs: [{ targets: [address] }],
      };
      const jobs: Readonly<Record<string, object>> = {
        right,
        'wrong password': { ...right, basic_auth: { username: 'prometheus', password: 'guess' } },
        'no password': { ...right, basic_auth: undefined },
        'no certificate': { ...right, tls_config: { ca_file: path('ca.crt') } },
        'no TLS': { ...right, scheme: 'http', tls_config: undefined },
      };
      server = await startPrometheus({
        firstPort: 22_190,
        config: {
          global: { scrape_interval: '1s', scrape_timeout: '1s' },
          scrape_configs: Object.entries(jobs).map(([job_name, job]) => ({ job_name, ...job })),
        },
      });
      const ups = async () => {
        const answers = await server.now('up', Date.now() / 1000);
        return Object.fromEntries(answers.map(({ labels, points }) => [labels['job'], points[0]?.[1]]));
      };
      await expect.poll(ups, { timeout: 30_000, interval: 300 }).toEqual({
        right: 1,
        'wrong password': 0,
        'no password': 0,
        'no certificate': 0,
        'no TLS': 0,
      });
      const pools = await server.now('thinpool_up{job="right"}', Date.now() / 1000);
      expect(pools.map(({ labels }) => labels['pool'])).toEqual(['docker-thinpool']);
    });
  });

  describe('openssl as a client that means harm', () => {
    const get = 'GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const client = ['-cert', 'client.crt', '-key', 'client.key'];

    function speak(args: readonly string[]): string {
      const { stdout, stderr } = spawnSync(
        tool('openssl'),
        ['s_client', '-connect', address, '-ign_eof', ...args],
        {
          cwd: folder,
          input: get,
          encoding: 'utf8',
          timeout: 15_000,
        },
      );
      return `${stdout}${stderr}`;
    }

    it('gets as far as its password with a certificate', () => {
      expect(speak([...client, '-tls1_2'])).toContain('HTTP/1.1 401 Unauthorized');
      expect(speak([...client, '-tls1_3'])).toContain('HTTP/1.1 401 Unauthorized');
    });

    it('gets nothing by TLS 1.1', () => {
      const output = speak([...client, '-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0']);
      expect(output).toContain('alert protocol version');
      expect(output).not.toContain('HTTP/1.1');
    });

    it.each(['-tls1_2', '-tls1_3'])('gets nothing without a certificate by %s', (version) => {
      expect(speak([version])).not.toContain('HTTP/1.1');
    });

    it('is cut off where it does not end its request', { timeout: 30_000 }, async () => {
      const { output, tookMs } = await slow;
      expect(output).toMatch(/^HTTP\/1\.1 408 /);
      expect(tookMs).toBeGreaterThan(3000);
      expect(tookMs).toBeLessThan(12_000);
    });
  });

  /** Begins a request and does not end it: what was answered, and when. */
  async function beSlow(): Promise<{ output: string; tookMs: number }> {
    const client = ['-cert', 'client.crt', '-key', 'client.key'];
    const child = spawn(tool('openssl'), ['s_client', '-quiet', '-connect', address, ...client], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stdin.write('GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const startedAt = Date.now();
    await new Promise((resolve) => child.stdout.once('end', resolve));
    child.kill();
    return { output, tookMs: Date.now() - startedAt };
  }

  describe('under load', () => {
    it.each([
      ['plain', 'http'],
      ['by mutual TLS', 'https'],
    ])(
      '1,000 scrapes at once, %s, are all answered, others too, and new rules drop none',
      {
        timeout: 60_000,
      },
      async (_, scheme) => {
        const rules = path(`load-${scheme}.yml`);
        writeFileSync(rules, scheme === 'https' ? text : `basic_auth_users:\n  prometheus: ${hash}\n`);
        const program = startProgram([
          replay,
          '--web.listen-address=127.0.0.1:0',
          `--web.config.file=${rules}`,
        ]);
        onTestFinished(async () => {
          program.child.kill('SIGTERM');
          await program.ended;
        });
        const url = `${scheme}://${(await program.logged(/msg="Listening" address=(\S+)/))[1]}/metrics`;
        const auth = `prometheus:${password}`;
        const ask = () => statusOf(url, auth);
        expect(await ask()).toBe(200);
        const before = memoryOf(program);
        const startedAt = Date.now();
        const scrapes = Array.from({ length: 1000 }, ask);
        const other = run(tool('curl'), [
          '-sS',
          '-o',
          '/dev/null',
          '-w',
          '%{http_code}',
          ...curlFiles(),
          '-u',
          auth,
          url,
        ]);
        await Promise.race(scrapes);
        program.child.kill('SIGHUP');
        const statuses = await Promise.all(scrapes);
        const tookMs = Date.now() - startedAt;
        await program.logged(/Web configuration reloaded/);
        expect(await other).toBe('200');
        expect(new Set(statuses)).toEqual(new Set([200]));
        const after = memoryOf(program);
        const mib = (bytes: number) => Math.round(bytes / (1 << 20));
        console.log(
          `1,000 scrapes by ${scheme} in ${tookMs} ms: ${mib(before.now)} MiB before, ${mib(after.most)} MiB at most`,
        );
        expect(after.most - before.now).toBeLessThan(150 << 20);
        expect(await ask()).toBe(200);
      },
    );
  });

  const tlsFiles = () => ({
    ca: readFileSync(path('ca.crt')),
    cert: readFileSync(path('client.crt')),
    key: readFileSync(path('client.key')),
  });

  /** The status, or what went wrong. */
  function statusOf(url: string, auth: string): Promise<number | string> {
    return new Promise((resolve) => {
      const headers = { 'accept-encoding': 'gzip' };
      const request = url.startsWith('https') ? tlsRequest : plainRequest;
      const sent = request(url, { auth, headers, agent: false, ...tlsFiles() }, (response) =>
        response.resume().on('end', () => resolve(response.statusCode ?? 0)),
      );
      sent.on('error', (error) => resolve(error.message)).end();
    });
  }

  function run(command: string, args: readonly string[]): Promise<string> {
    return new Promise((resolve) => {
      const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
      });
      child.on('close', () => resolve(output));
    });
  }

  describe('the file', () => {
    it('that is wrong at start is refused by line and field', { timeout: 30_000 }, async () => {
      const wrong = path('wrong.yml');
      writeFileSync(wrong, text.replace('min_version: TLS12', 'min_version: SSL3').replace(hash, password));
      const { code, stderr } = await runProgram([
        replay,
        '--web.listen-address=127.0.0.1:0',
        `--web.config.file=${wrong}`,
      ]);
      expect(code).toBe(2);
      expect(stderr).toContain(`${wrong}:7: tls_server_config.min_version: expected TLS12 or TLS13`);
      expect(stderr).toContain(`${wrong}:9: basic_auth_users.prometheus: expected a bcrypt hash`);
      expect(stderr).not.toContain(password);
    });

    it('that is wrong at a reload changes nothing, and no secret is logged', {
      timeout: 30_000,
    }, async () => {
      writeFileSync(file, `${text}nonsense: 1\n`);
      running.child.kill('SIGHUP');
      await running.logged(
        /Web configuration rejected; the previous one stays in use.*web\.yml:10: nonsense: unknown field/,
      );
      expect(scrape()).toContain('thinpool_exporter_web_config_last_reload_successful 0\n');
      writeFileSync(file, text);
      const log = running.text();
      for (const secret of [
        password,
        hash,
        Buffer.from(`prometheus:${password}`).toString('base64'),
        'PRIVATE KEY',
      ])
        expect(log).not.toContain(secret);
    });
  });
});

describe('a socket of systemd', () => {
  itWith('systemd-socket-activate')('is answered on', { timeout: 30_000 }, async () => {
    const port = await freePort(22_290);
    const program = startProgram([replay, '--web.systemd-socket'], undefined, [
      tool('systemd-socket-activate'),
      `--listen=127.0.0.1:${port}`,
    ]);
    onTestFinished(async () => {
      program.child.kill('SIGTERM');
      await program.ended;
    });
    await program.logged(/Listening on/);
    const response = await fetch(`http://127.0.0.1:${port}/-/healthy`);
    expect(response.status).toBe(200);
    expect(program.text()).toContain(`address=127.0.0.1:${port}`);
  });

  it('that is not there is an error', { timeout: 30_000 }, async () => {
    const { code, stderr } = await runProgram([replay, '--web.systemd-socket']);
    expect(code).toBe(1);
    expect(stderr).toContain('--web.systemd-socket: systemd passed no socket');
  });
});
