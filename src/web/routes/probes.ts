import { noDeviceMapper, whyNoDeviceMapper } from '../../format/describe-state.ts';
import type { Deps } from '../deps.ts';
import type { Route } from '../route.ts';

/** Says only that the process responds. The host does not count: a restart repairs no pool. */
export const healthyRoute: Route = {
  path: '/-/healthy',
  handle: (_, response) => {
    response.type('text').send('thinpool-exporter is alive\n');
  },
};

/** Nothing that is missing on the host makes it unready: all that there is to read is read. */
export function readyRoute({ readiness, latest }: Deps): Route {
  return {
    path: '/-/ready',
    handle: (_, response) => {
      const reasons = readiness();
      const absent = whyNoDeviceMapper(latest().host);
      const note = absent === undefined ? '' : `${noDeviceMapper}: ${absent}\n`;
      const text =
        reasons.length === 0
          ? `ready\n${note}`
          : `not ready:\n${reasons.map((reason) => `- ${reason}\n`).join('')}`;
      response
        .status(reasons.length === 0 ? 200 : 503)
        .type('text')
        .send(text);
    },
  };
}
