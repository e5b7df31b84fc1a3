import type { Response } from 'express';
import type { Deps } from '../deps.ts';
import { htmlResponse, type PreparedResponse, sendResponse } from '../prepared-response.ts';
import type { Route } from '../route.ts';
import { renderRunbook, runbookPolicy } from '../status-page/runbook.ts';

type RunbookDeps = Pick<Deps, 'runbooks'>;

/** The list of runbooks. */
export function runbooksRoute({ runbooks }: RunbookDeps): Route {
  const find = preparedOnce(runbooks, './');
  return {
    path: '/runbooks',
    policy: runbookPolicy,
    handle: (_, response) => send(response, find('README')),
  };
}

/** One runbook. The ending of its file may stay: a copy of a link to the project's then works. */
export function runbookRoute({ runbooks }: RunbookDeps): Route {
  const find = preparedOnce(runbooks, '../');
  return {
    path: '/runbooks/:name',
    policy: runbookPolicy,
    handle: (request, response) => {
      const { name } = request.params;
      send(response, find(typeof name === 'string' ? name.replace(/\.md$/, '') : ''));
    },
  };
}

/** They never change, so the first request pays for all. */
function preparedOnce(
  runbooks: Deps['runbooks'],
  root: string,
): (name: string) => PreparedResponse | undefined {
  let prepared: ReadonlyMap<string, PreparedResponse> | undefined;
  return (name) => {
    prepared ??= new Map(
      Object.entries(runbooks()).map(([runbook, { html }]) => [
        runbook,
        htmlResponse(renderRunbook(runbook, root, { markup: html }).markup),
      ]),
    );
    return prepared.get(name);
  };
}

function send(response: Response, prepared: PreparedResponse | undefined): void {
  if (prepared === undefined)
    response.status(404).type('text').send('no such runbook; /runbooks lists them\n');
  else sendResponse(response, prepared);
}
