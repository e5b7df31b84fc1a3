import type { Deps } from '../deps.ts';
import type { Route } from '../route.ts';

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
