import type { Response } from 'express';
import type { Deps } from '../deps.ts';
import type { Route } from '../route.ts';
import { renderRunbook, runbookPolicy } from '../status-page/runbook.ts';

type RunbookDeps = Pick<Deps, 'runbooks'>;

/** The list of runbooks. */
export function runbooksRoute({ runbooks }: RunbookDeps): Route {
  return {
    path: '/runbooks',
    policy: runbookPolicy,
    handle: (_, response) => send(response, 'README', './', runbooks()),
  };
}

/** One runbook. The ending of its file may stay: a copy of a link to the project's then works. */
export function runbookRoute({ runbooks }: RunbookDeps): Route {
  return {
    path: '/runbooks/:name',
    policy: runbookPolicy,
    handle: (request, response) => {
      const { name } = request.params;
      send(response, typeof name === 'string' ? name.replace(/\.md$/, '') : '', '../', runbooks());
    },
  };
}

function send(response: Response, name: string, root: string, runbooks: ReturnType<Deps['runbooks']>): void {
  const runbook = Object.hasOwn(runbooks, name) ? runbooks[name] : undefined;
  if (runbook === undefined)
    response.status(404).type('text').send('no such runbook; /runbooks lists them\n');
  else response.type('html').send(renderRunbook(name, root, { markup: runbook.html }).markup);
}
