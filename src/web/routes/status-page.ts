import { secondMs } from '../../model/units.ts';
import { htmlAnswer, sendAnswer } from '../answer.ts';
import type { Deps } from '../deps.ts';
import { oncePerSnapshot } from '../once-per-snapshot.ts';
import type { Route } from '../route.ts';
import { pagePolicy } from '../status-page/csp.ts';
import { renderPage } from '../status-page/page.ts';

export function statusPageRoute(deps: Deps): Route {
  const page = oncePerSnapshot(
    deps.latest,
    () => ({ at: deps.now(), answer: htmlAnswer(renderPage(deps).markup) }),
    // It says how old everything is.
    ({ at }) => Math.abs(deps.now() - at) < secondMs,
  );
  return {
    path: '/',
    policy: pagePolicy,
    handle: (_, response) => sendAnswer(response, page().answer),
  };
}
