import type { Deps } from '../../web/deps.ts';
import type { Route } from '../../web/route.ts';

export function sourcesRoute({ latest }: Deps): Route {
  return {
    path: '/api/v1/sources',
    handle: (_, response) => {
      const { takenAt, sources } = latest().host;
      response.json({ takenAt, sources });
    },
  };
}
