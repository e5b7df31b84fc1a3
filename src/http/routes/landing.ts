import type { Deps } from '../deps.ts';
import { landingPolicy, renderLanding } from '../landing.ts';
import type { Route } from '../route.ts';

export function landingRoute(deps: Deps): Route {
  return {
    path: '/',
    handle: (_, response) => {
      response.set('Content-Security-Policy', landingPolicy).type('html').send(renderLanding(deps).markup);
    },
  };
}
