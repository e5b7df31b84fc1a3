import { pagePolicy } from '../../web/status-page/csp.ts';
import { renderPage } from '../../web/status-page/page.ts';
import type { Deps } from '../deps.ts';
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
