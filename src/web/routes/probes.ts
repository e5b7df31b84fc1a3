import type { Deps } from '../deps.ts';
import type { Route } from '../route.ts';

/** Says only that the process responds. The host does not count: a restart repairs no pool. */
export const healthyRoute: Route = {
  path: '/-/healthy',
  handle: (_, response) => {
    response.type('text').send('thinpool-exporter is alive\n');
  },
};

export function readyRoute({ readiness }: Deps): Route {
  return {
    path: '/-/ready',
    handle: (_, response) => {
      const reasons = readiness();
      const text =
        reasons.length === 0 ? 'ready\n' : `not ready:\n${reasons.map((reason) => `- ${reason}\n`).join('')}`;
      response
        .status(reasons.length === 0 ? 200 : 503)
        .type('text')
        .send(text);
    },
  };
}
