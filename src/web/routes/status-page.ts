import { secondMs } from '../../model/units.ts';
import type { Deps } from '../deps.ts';
import { oncePerSnapshot } from '../once-per-snapshot.ts';
import { htmlResponse, sendResponse } from '../prepared-response.ts';
import type { Route } from '../route.ts';
import { pagePolicy } from '../status-page/csp.ts';
import { renderPage } from '../status-page/page.ts';

export function statusPageRoute(deps: Deps): Route {
  const page = oncePerSnapshot(
    deps.latest,
    () => ({ at: deps.now(), prepared: htmlResponse(renderPage(deps).markup) }),
    // It says how old everything is.
    ({ at }) => Math.abs(deps.now() - at) < secondMs,
  );
  return {
    path: '/',
    policy: pagePolicy,
    handle: (_, response) => sendResponse(response, page().prepared),
  };
}
