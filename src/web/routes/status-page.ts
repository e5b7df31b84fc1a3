import type { Deps } from '../deps.ts';
import type { Route } from '../route.ts';
import { pagePolicy } from '../status-page/csp.ts';
import { renderPage } from '../status-page/page.ts';

export function statusPageRoute(deps: Deps): Route {
  return {
    path: '/',
    policy: pagePolicy,
    handle: (_, response) => {
      response.type('html').send(renderPage(deps).markup);
    },
  };
}
