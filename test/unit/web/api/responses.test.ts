import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../../src/model/pool.ts';
import {
  answers,
  checkAnswer,
  collectorsAnswer,
  findingsAnswer,
  poolsAnswer,
} from '../../../../src/web/api/responses.ts';
import { hostsDir, replayCase } from '../../../support/replayed.ts';

/** Every key of a JSON value, with where it is. */
function keysIn(value: unknown, above = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => keysIn(one, above));
  if (typeof value !== 'object' || value === null) return [above];
  return Object.entries(value).flatMap(([key, inner]) =>
    keysIn(inner, above === '' ? key : `${above}.${key}`),
  );
}

/** Left out on purpose: what only rules compare, and no client needs. */
function withoutMemory(pool: Pool): Partial<Pool> {
  const {
    wasActive: _was,
    changedAt: _changed,
    grewAt: _grew,
    roomOutdated: _room,
    lastLvm: _lvm,
    ...rest
  } = pool;
  return rest;
}

describe.each(readdirSync(hostsDir))('the answers about host %s', async (name) => {
  const { host, findings, trends } = await replayCase(name);
  const check = { ...host, status: 'ok', findings, growth: [] };
  const written = {
    '/api/v1/pools': poolsAnswer.write({ ...host, trends }),
    '/api/v1/findings': findingsAnswer.write({ ...host, findings }),
    '/api/v1/collectors': collectorsAnswer.write(host),
    'check --json': checkAnswer.write(check),
  };

  it.each(Object.entries(written))('at %s have the keys that are listed, and no other', (request, json) => {
    const listed = answers[request]?.keys ?? [];
    const isListed = (key: string): boolean => listed.some((one) => key === one || key.startsWith(`${one}.`));
    expect(
      keysIn(json).filter((key) => !isListed(key) && !listed.some((one) => one.startsWith(key))),
    ).toEqual([]);
  });

  // A field that the model gains belongs into an answer, or is left out on purpose: then it is named above.
  it('have what is known of pools, findings and collectors, as it is', () => {
    expect(written['/api/v1/pools'].pools).toEqual(host.pools.map(withoutMemory));
    expect(written['/api/v1/pools'].trends).toEqual(trends);
    expect(written['/api/v1/findings'].findings).toEqual(findings);
    expect(written['/api/v1/collectors'].collectors).toEqual(host.collectors);
  });
});
