import type { Route } from '../../web/route.ts';

/** Says that the process answers, and nothing of the host: a restart mends no pool. */
export const healthyRoute: Route = {
  path: '/-/healthy',
  handle: (_, response) => {
    response.type('text').send('thinpool-exporter is alive\n');
  },
};
