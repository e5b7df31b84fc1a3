import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Host } from '../../src/model/host.ts';
import { makeHost, makePool, makeSource, makeUnknownPool, makeView } from '../support/makers.ts';
import { serve } from './serving.ts';

async function read(host: Host, findings: readonly Finding[] = [], readiness: readonly string[] = []) {
  const { get } = await serve({ latest: () => makeView({ host, findings }), readiness: () => readiness });
  const response = await get('/');
  return { text: await response.text(), policy: response.headers.get('content-security-policy') ?? '' };
}

describe('the landing page', () => {
  it('shows a pool with its space', async () => {
    const { text } = await read(makeHost({ pools: [makePool()], sources: [makeSource()] }));
    expect(text).toContain('<bdi>docker-thinpool</bdi>');
    expect(text).toContain('read-write');
    expect(text).toContain('17.76%');
    expect(text).toContain('35.5 GiB of 200 GiB, 164 GiB available');
    expect(text).toContain('3s ago');
    expect(text).toContain('<a href="/api/v1/sources/pools">pools</a>');
  });

  it('shows no number for what is unknown', async () => {
    const late = { source: 'pools', since: 940_000, degree: 'stuck' } as const;
    const { text } = await read(makeHost({ pools: [makeUnknownPool({ late })] }));
    expect(text).toContain(
      '<td>unknown<td>unknown<td>unknown<td>12<td>never, or too long ago, pools overdue for 1m',
    );
    expect(text).not.toContain('<meter');
  });

  it('does not take a host that was not read for one without pools', async () => {
    expect((await read(makeHost())).text).toContain('This host has no thin pools.');
    const { text } = await read(makeHost({ discovered: false }), [], ['dmsetup is missing']);
    expect(text).not.toContain('no thin pools');
    expect(text).toContain('nothing is known of pools');
    expect(text).toContain('Not ready: dmsetup is missing');
  });

  it('shows findings with what to do', async () => {
    const finding: Finding = {
      code: 'pool-needs-check',
      severity: 'critical',
      pool: 'p',
      resource: 'metadata',
      summary: 'Sum.',
      advice: 'Do.',
      since: 940_000,
    };
    const { text } = await read(makeHost(), [finding]);
    expect(text).toContain(
      '<p class="critical"><strong>critical pool-needs-check</strong> <bdi>p metadata</bdi>, for 1m<br>Sum.<br>Do.</p>',
    );
  });

  it('shows pools that are gone and sources in trouble', async () => {
    const host = makeHost({
      missingPools: [{ name: 'gone', lastSeenAt: 400_000 }],
      sources: [
        makeSource({
          name: 'docker',
          questions: [{ key: 'info', outcome: 'exited', failure: 'exit code 1' }],
        }),
        makeSource({ name: 'lvm', stuckSince: 880_000 }),
        makeSource({ name: 'kmsg', heldBack: 'it would hang' }),
      ],
    });
    const { text } = await read(host);
    expect(text).toContain('<bdi>gone</bdi> is gone, last seen 10m ago.');
    expect(text).toContain('<td>info: exited, exit code 1</tr>');
    expect(text).toContain('<td>stuck in the kernel for 2m</tr>');
    expect(text).toContain('<td>held back: it would hang</tr>');
  });

  it('escapes every word from outside', async () => {
    const evil = `<script>alert(1)</script>"'&`;
    const host = makeHost({
      pools: [makePool({ name: evil })],
      missingPools: [{ name: evil, lastSeenAt: 0 }],
      sources: [makeSource({ name: evil, questions: [{ key: evil, outcome: 'exited', failure: evil }] })],
    });
    const finding: Finding = { code: evil, severity: 'info', pool: evil, summary: evil, advice: evil };
    const { text } = await read(host, [finding], [evil]);
    expect(text).not.toMatch(/<script|alert\(1\)<\/script>/);
    expect(text.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;/g)).toHaveLength(10);
  });

  it('needs nothing but its own style sheet, and allows nothing else', async () => {
    const { text, policy } = await read(makeHost({ pools: [makePool()] }));
    const style = /<style>(.*)<\/style>/s.exec(text)?.[1] ?? '';
    expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(text).not.toMatch(/ style=| on\w+=|<script|<img|https?:/);
  });
});
