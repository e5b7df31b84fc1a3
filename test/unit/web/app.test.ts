import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { CollectorReport } from '../../../src/web/deps.ts';
import { makeCollector, makeHost, makePool, makeSnapshot } from '../../support/makers.ts';
import { page, serve } from './serving.ts';

const finding = {
  code: 'pool-failed',
  severity: 'critical',
  pool: 'p',
  summary: 'It failed.',
  advice: 'Repair it.',
} as const;

/** What fetch hides: the body as it was sent. */
function raw(port: number, path: string, headers: Record<string, string>, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      request({ port, path, headers, method, host: '127.0.0.1' }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      })
        .on('error', reject)
        .end();
    },
  );
}

describe('/metrics', () => {
  it.each([
    ['*/*', 'text/plain; version=0.0.4; charset=utf-8', page],
    [
      'application/openmetrics-text',
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
      `${page}# EOF\n`,
    ],
  ])('answers %s', async (accept, type, body) => {
    const { get } = await serve();
    const response = await get('/metrics', { headers: { accept } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('vary')).toBe('Accept, Accept-Encoding');
    expect(await response.text()).toBe(body);
  });

  it.each([
    ['gzip', true],
    ['gzip, deflate, br', true],
    ['*', true],
    ['', false],
    ['identity', false],
    ['br', false],
    ['gzip;q=0', false],
    ['gzip;q=0.1, identity', false],
  ])('with Accept-Encoding %j is compressed: %s', async (encoding, compressed) => {
    const { port } = await serve();
    const { headers, body } = await raw(port, '/metrics', { 'Accept-Encoding': encoding });
    expect(headers['content-encoding']).toBe(compressed ? 'gzip' : undefined);
    expect((compressed ? gunzipSync(body) : body).toString()).toBe(page);
    expect(headers['content-length']).toBe(String(body.length));
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const { port } = await serve();
    const { status, headers, body } = await raw(port, '/metrics', {}, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, String(page.length), 0]);
  });

  it('takes a buffer, and stands where it is configured to', async () => {
    const { get } = await serve({
      telemetryPath: '/thin.pool/metrics',
      metrics: { render: async () => Buffer.from('x 1\n') },
    });
    expect(await (await get('/thin.pool/metrics')).text()).toBe('x 1\n');
    expect((await get('/thinXpool/metrics')).status).toBe(404);
    expect((await get('/metrics')).status).toBe(404);
  });

  it('says nothing of an inner error to the client, and all of it once to the log', async () => {
    const secret = new Error('secret path /etc/x');
    const { get, logged } = await serve({ metrics: { render: () => Promise.reject(secret) } });
    const response = await get('/metrics');
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('internal error\n');
    expect(logged).toEqual([{ fields: { err: secret, path: '/metrics' }, message: 'Request failed' }]);
  });
});

describe('/-/healthy and /-/ready', () => {
  it('is healthy as long as it answers', async () => {
    const { get } = await serve({ readiness: () => ['not yet'] });
    expect((await get('/-/healthy')).status).toBe(200);
  });

  it('is ready', async () => {
    const { get } = await serve();
    const response = await get('/-/ready');
    expect([response.status, await response.text()]).toEqual([200, 'ready\n']);
  });

  it('is not, and says why', async () => {
    const { get } = await serve({
      readiness: () => ['device-mapper was not read yet', 'lvm was not read yet'],
    });
    const response = await get('/-/ready');
    expect(response.status).toBe(503);
    expect(await response.text()).toBe(
      'not ready:\n- device-mapper was not read yet\n- lvm was not read yet\n',
    );
  });
});

describe('/api/v1', () => {
  const missingPools = [{ name: 'gone', lastSeenAt: 5 }];

  it('lists pools, how they fared lately, and those that are gone', async () => {
    const host = makeHost({ pools: [makePool()], missingPools });
    const trends = [{ pool: 'docker-thinpool', data: { points: [] }, fastest: [] }];
    const { get } = await serve({ latest: () => makeSnapshot({ host, trends }) });
    const response = await get('/api/v1/pools');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({ takenAt: 1_000_000, pools: [makePool()], missingPools, trends });
  });

  it('has no list of pools where it is not known whether there are any', async () => {
    const host = makeHost({ discovered: false });
    const { get } = await serve({ latest: () => makeSnapshot({ host }), readiness: () => ['no dmsetup'] });
    const response = await get('/api/v1/pools');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      error: 'device-mapper is not known',
      reasons: ['no dmsetup'],
      missingPools: [],
    });
  });

  it('lists findings', async () => {
    const { get } = await serve({ latest: () => makeSnapshot({ findings: [finding] }) });
    expect(await (await get('/api/v1/findings')).json()).toEqual({
      takenAt: 1_000_000,
      discovered: true,
      findings: [finding],
      pending: [],
      muted: [],
      limits: { nearlyFullWarningPercent: 85, runsOutWithinSeconds: 1200, lvmRefusalSeverity: 'warning' },
    });
  });

  it('lists pending findings and the limits that the operator has set', async () => {
    const pending = [{ ...finding, since: 990_000, reportedAt: 1_020_000 }];
    const limits = {
      warningRatio: 0.7,
      criticalRatio: 0.955,
      lvmRefusal: 'critical',
      runsOutMs: 600_000,
    } as const;
    const { get } = await serve({ latest: () => makeSnapshot({ pending }), limits: () => limits });
    expect(await (await get('/api/v1/findings')).json()).toMatchObject({
      findings: [],
      pending,
      limits: {
        nearlyFullWarningPercent: 70,
        nearlyFullCriticalPercent: 95.5,
        runsOutWithinSeconds: 600,
        lvmRefusalSeverity: 'critical',
      },
    });
  });

  it('lists collectors', async () => {
    const host = makeHost({ collectors: [makeCollector()] });
    const { get } = await serve({ latest: () => makeSnapshot({ host }) });
    expect(await (await get('/api/v1/collectors')).json()).toEqual({
      takenAt: 1_000_000,
      collectors: [makeCollector()],
    });
  });
});

describe('/api/v1/collectors/NAME', () => {
  const report: CollectorReport = {
    state: makeCollector({ name: 'kmsg' }),
    outputs: [
      {
        key: 'log',
        input: { kernelLog: '/dev/kmsg' },
        output: { stdout: 'secret', stderr: '', exitCode: 0, takenAt: 7 },
      },
      { key: 'other', input: { process: '/run/x.pid' } },
    ],
    facts: [{ daemons: [] }],
    metrics: 'thinpool_x 1\n',
  };
  const host = makeHost({ collectors: [report.state] });
  const parts = {
    latest: () => makeSnapshot({ host }),
    collector: async (name: string) => (name === 'kmsg' ? report : undefined),
  };

  it('shows everything but the text that was read', async () => {
    const { get } = await serve(parts);
    const text = await (await get('/api/v1/collectors/kmsg')).text();
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toMatchObject({
      facts: report.facts,
      metrics: report.metrics,
      outputs: [{ key: 'log', output: { exitCode: 0, takenAt: 7, stdoutLength: 6 } }, { key: 'other' }],
    });
  });

  it('shows the text where that is allowed', async () => {
    const { get } = await serve({ ...parts, showRaw: true });
    expect(await (await get('/api/v1/collectors/kmsg')).json()).toEqual(report);
  });

  it.each(['nosuch', '__proto__', '%6Emsg', '..%2f..%2fetc'])(
    'names those there are for %s',
    async (name) => {
      const { get } = await serve(parts);
      const response = await get(`/api/v1/collectors/${name}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ error: 'no such collector', collectors: ['kmsg'] });
    },
  );
});

describe('what is refused', () => {
  it.each([
    ['/nothing', 'text/plain; charset=utf-8', 'not found\n'],
    ['/metrics/', 'text/plain; charset=utf-8', 'not found\n'],
    ['/Metrics', 'text/plain; charset=utf-8', 'not found\n'],
    ['/api/v1/nothing', 'application/json; charset=utf-8', '{\n  "error": "not found"\n}'],
  ])('%s does not exist', async (path, type, body) => {
    const { get } = await serve();
    const response = await get(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([404, type]);
    expect(await response.text()).toBe(body);
  });

  it.each([
    '/',
    '/metrics',
    '/-/healthy',
    '/-/ready',
    '/api/v1/pools',
    '/api/v1/findings',
    '/api/v1/collectors',
  ])('%s takes GET and HEAD and nothing else', async (path) => {
    const { get } = await serve();
    expect((await get(path, { method: 'HEAD' })).status).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await get(path, { method });
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD']);
    }
  });

  it('a path that does not decode', async () => {
    const { port, logged } = await serve();
    const { status, body } = await raw(port, '/api/v1/collectors/%ff', {});
    expect([status, JSON.parse(body.toString())]).toEqual([400, { error: 'bad request' }]);
    expect(logged).toEqual([]);
  });
});

describe('headers', () => {
  it.each(['/', '/metrics', '/-/ready', '/api/v1/pools', '/nothing'])('of %s are strict', async (path) => {
    const { get } = await serve();
    const { headers } = await get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.has('x-powered-by')).toBe(false);
  });
});
