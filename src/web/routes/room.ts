import type { Request } from 'express';
import { parseBytes } from '../../format/bytes.ts';
import { arePoolsKnown } from '../../model/known-pools.ts';
import { judgeRoom, type RoomBasis, roomBasis } from '../../rules/room.ts';
import { findPool } from '../../thinpool/find-pool.ts';
import { roomAnswer } from '../api/responses.ts';
import type { Deps } from '../deps.ts';
import { oncePerSnapshot } from '../once-per-snapshot.ts';
import { jsonResponse, type PreparedResponse, sendResponse } from '../prepared-response.ts';
import type { Route } from '../route.ts';

/**
 * Whether bytes fit in a pool. What a pool can take is worked out once per snapshot, for each pool that is requested; a
 * request then costs a few comparisons.
 */
export function roomRoute({ latest, limits, readiness }: Deps): Route {
  const made = oncePerSnapshot(latest, (snapshot) => ({ snapshot, bases: new Map<string, RoomBasis>() }));
  const unknown = oncePerSnapshot(latest, ({ host }) =>
    jsonResponse({ error: 'no such pool', pools: host.pools.map(({ name }) => name) }, 404),
  );
  const basisOf = (name: string): RoomBasis | undefined => {
    const { snapshot, bases } = made();
    const { host, trends } = snapshot;
    const pool = findPool(host.pools, name);
    if (pool === undefined) return undefined;
    const basis =
      bases.get(pool.name) ??
      roomBasis(
        pool,
        host,
        limits(),
        trends.find((trend) => trend.pool === pool.name),
      );
    bases.set(pool.name, basis);
    return basis;
  };
  const respond = (request: Request): PreparedResponse => {
    const query = new URLSearchParams(request.url.split('?')[1]);
    const bytes = parseBytes(query.get('bytes') ?? '');
    const newVolume = query.get('new-volume') ?? 'false';
    if (bytes === undefined || !['true', 'false'].includes(newVolume)) return usage;
    const { name } = request.params;
    const basis = typeof name === 'string' ? basisOf(name) : undefined;
    if (basis !== undefined) {
      const verdict = judgeRoom(basis, { bytes, newVolume: newVolume === 'true' });
      return jsonResponse(roomAnswer.write({ takenAt: latest().host.takenAt, ...verdict }));
    }
    if (arePoolsKnown(latest().host)) return unknown();
    return jsonResponse({ error: 'device-mapper is not known', reasons: readiness() }, 503);
  };
  return {
    path: '/api/v1/pools/:name/room',
    handle: (request, response) => sendResponse(response, respond(request)),
  };
}

const usage = jsonResponse(
  { error: 'expected ?bytes=SIZE, such as 5368709120 or 5GiB, and at most new-volume=true' },
  400,
);
