import type { Deps } from '../deps.ts';
import type { Route } from '../route.ts';

/** An empty list means that the host has no pools, so where that is not known there is no list. */
export function poolsRoute({ latest, readiness }: Deps): Route {
  return {
    path: '/api/v1/pools',
    handle: (_, response) => {
      const { host, trends } = latest();
      const { takenAt, discovered, pools, missingPools } = host;
      if (discovered) response.json({ takenAt, pools, missingPools, trends });
      else
        response
          .status(503)
          .json({ error: 'device-mapper is not known', reasons: readiness(), missingPools });
    },
  };
}
