import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from 'vitest';
import { createExposition } from '../../../src/metrics/exposition.ts';
import { makeHost, makePool, makeSnapshot } from '../../support/makers.ts';
import { itWith } from '../../support/needs.ts';
import { tool } from '../../support/tools.ts';
import { serve } from '../web/serving.ts';

const kinds = ['text', 'openmetrics', 'text gzip', 'openmetrics gzip'] as const;
type Kind = (typeof kinds)[number];

const accepted = { text: 'text/plain', openmetrics: 'application/openmetrics-text' };

/** The real server with the real exposition. Every scrape finds a new snapshot, and nothing that was rendered before. */
async function start() {
  const host = makeHost({ pools: [makePool()] });
  let version = 0;
  const latest = () => {
    version += 1;
    return makeSnapshot({ host, version });
  };
  const render = createExposition(latest, '1.2.3', () => 0);
  const { get } = await serve({ latest, metrics: { render } });
  return async (kind: Kind): Promise<string> => {
    const [format, encoding = 'identity'] = kind.split(' ') as [keyof typeof accepted, string?];
    const headers = { accept: accepted[format], 'accept-encoding': encoding };
    return (await get('/metrics', { headers })).text();
  };
}

function permutations<One>(all: readonly One[]): (readonly One[])[] {
  if (all.length === 0) return [[]];
  return all.flatMap((one) =>
    permutations(all.filter((other) => other !== one)).map((rest) => [one, ...rest]),
  );
}

/** What Node.js itself counts has samples of some kinds only once they have happened. */
const changing = /^nodejs_(?:active|gc)_/;

/** Names, with HELP and TYPE, without values. */
function shapeOf(exposition: string): readonly string[] {
  const lines = exposition
    .split('\n')
    .filter((line) => line !== '' && line !== '# EOF')
    .map((line) => (line.startsWith('#') ? line : line.replace(/[ {].*/, '')));
  return [...new Set(lines)].filter((line) => !changing.test(line));
}

/** OpenMetrics names the family of a counter without `_total`, and its samples with it. */
function asText(openmetrics: readonly string[]): readonly string[] {
  const counters = new Set(openmetrics.flatMap((line) => /^# TYPE (\S+) counter$/.exec(line)?.[1] ?? []));
  return openmetrics.map((line) =>
    line.replace(/^(# (?:HELP|TYPE) )(\S+)/, (whole, start, name) =>
      counters.has(name) ? `${start}${name}_total` : whole,
    ),
  );
}

describe('the order of scrapes does not matter', () => {
  const shapes = new Map<string, readonly string[]>();
  beforeEach(async () => {
    if (shapes.size > 0) return;
    // Each from a server that has rendered nothing else.
    for (const kind of ['text', 'openmetrics'] as const)
      shapes.set(kind, shapeOf(await (await start())(kind)));
  });
  const expected = (kind: Kind) => shapes.get(kind.split(' ')[0] ?? '') ?? [];

  it('both formats have the same families', () => {
    const text = expected('text');
    const openmetrics = expected('openmetrics');
    expect(text).toContain('# TYPE process_cpu_seconds_total counter');
    expect(openmetrics).toContain('# TYPE process_cpu_seconds counter');
    expect([...asText(openmetrics)].sort()).toEqual([...text].sort());
  });

  it.each(permutations(kinds).map((order) => [order.join(', '), order] as const))('%s', async (_, order) => {
    const scrape = await start();
    for (const kind of [...order, ...order])
      expect(shapeOf(await scrape(kind)), kind).toEqual(expected(kind));
  });

  it('all at the same time', async () => {
    const scrape = await start();
    const together = [...kinds, ...kinds].map(async (kind) => ({ kind, shape: shapeOf(await scrape(kind)) }));
    for (const { kind, shape } of await Promise.all(together)) expect(shape, kind).toEqual(expected(kind));
  });

  itWith('promtool')('promtool accepts the text after OpenMetrics', {}, async () => {
    const scrape = await start();
    await scrape('openmetrics');
    const input = await scrape('text');
    const { status, stdout, stderr } = spawnSync(tool('promtool'), ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    expect({ status, says: `${stdout}${stderr}` }).toEqual({ status: 0, says: '' });
  });
});
