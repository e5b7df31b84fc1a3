import type { Deps } from '../../web/deps.ts';
import type { Route } from '../../web/route.ts';

export function findingsRoute({ latest }: Deps): Route {
  return {
    path: '/api/v1/findings',
    handle: (_, response) => {
      const { host, findings } = latest();
      response.json({ takenAt: host.takenAt, discovered: host.discovered, findings });
    },
  };
}
