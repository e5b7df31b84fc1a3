import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { alerts } from '../../../../src/alerting/names.ts';
import { embeddedRunbooks } from '../../../../src/embedded.ts';
import { serve } from '../serving.ts';

const serveRunbooks = () => serve({ runbooks: embeddedRunbooks });

describe('runbooks over HTTP', () => {
  it('has one for each alert, and a list of them', async () => {
    const { get } = await serveRunbooks();
    const list = await (await get('/runbooks')).text();
    for (const alert of Object.keys(alerts)) {
      expect(list).toContain(`href="runbooks/${alert}"`);
      const response = await get(`/runbooks/${alert}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const text = await response.text();
      expect(text).toContain(`<title>${alert}</title>`);
      expect(text).toContain('<h2 id="what-to-do-now">What to do now</h2>');
    }
  });

  it('links only to what is there', async () => {
    const { get, port } = await serveRunbooks();
    const bodies = new Map<string, string>();
    const read = async (path: string) => {
      if (!bodies.has(path)) {
        const response = await get(path);
        expect(response.status, path).toBe(200);
        bodies.set(path, await response.text());
      }
      return bodies.get(path) ?? '';
    };
    const base = `http://127.0.0.1:${port}`;
    for (const name of Object.keys(embeddedRunbooks())) {
      const path = name === 'README' ? '/runbooks' : `/runbooks/${name}`;
      for (const [, href = ''] of (await read(path)).matchAll(/href="([^"]+)"/g)) {
        const url = new URL(href, `${base}${path}`);
        if (url.origin !== base) {
          expect(url.href).toMatch(/^https:\/\/github\.com\/thinpool-exporter\//);
          continue;
        }
        const text = await read(url.pathname);
        if (url.hash !== '') expect(text, `${path} to ${href}`).toContain(`id="${url.hash.slice(1)}"`);
      }
    }
    expect(bodies.size).toBeGreaterThan(38);
  });

  it('allows nothing but its own style, and has no script', async () => {
    const { get } = await serveRunbooks();
    const response = await get('/runbooks/ThinPoolFull');
    const text = await response.text();
    const style = /<style>(?<style>[^<]*)<\/style>/.exec(text)?.groups?.['style'] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(text).not.toMatch(/<script| style=| on\w+=/);
  });

  it('takes the ending of the file, so that links to the project work with another host', async () => {
    const { get } = await serveRunbooks();
    expect((await get('/runbooks/extend.md')).status).toBe(200);
  });

  it('unpacks and renders them once, however many requests come', async () => {
    let unpacked = 0;
    const { get } = await serve({
      runbooks: () => {
        unpacked += 1;
        return embeddedRunbooks();
      },
    });
    for (const path of ['/runbooks', '/runbooks/ThinPoolFull', '/runbooks/Nothing', '/runbooks/extend'])
      for (let request = 0; request < 3; request += 1) await get(path);
    // The list, and the runbooks.
    expect(unpacked).toBe(2);
  });

  it.each(['/runbooks/Nothing', '/runbooks/constructor', '/runbooks/%2e%2e%2fmetrics', '/runbooks/'])(
    'has no %s',
    async (path) => {
      const { get } = await serveRunbooks();
      expect((await get(path)).status).toBe(404);
    },
  );

  it('leaves the policy of every other path as strict as it was', async () => {
    const { get } = await serveRunbooks();
    for (const path of ['/metrics', '/nothing', '/api/v1/pools'])
      expect((await get(path)).headers.get('content-security-policy')).toBe(
        "default-src 'none'; frame-ancestors 'none'",
      );
  });
});
