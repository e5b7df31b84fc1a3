import type { Deps } from '../deps.ts';
import { renderPage } from '../page/page.ts';
import { pagePolicy } from '../page/policy.ts';
import type { Route } from '../route.ts';

export function landingRoute(deps: Deps): Route {
  return {
    path: '/',
    policy: pagePolicy,
    handle: (_, response) => {
      response.type('html').send(renderPage(deps).markup);
    },
  };
}
