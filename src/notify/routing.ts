import type { RaisedAlert } from '../alerting/alert.ts';
import type { Route } from './receiver.ts';

/** The names of the receivers of an alert, each once. */
export function receiversOf(alert: RaisedAlert, routes: readonly Route[]): readonly string[] {
  return [...new Set(routes.filter((route) => matches(route, alert)).flatMap(({ receivers }) => receivers))];
}

function matches({ severities, pools, codes }: Route, { labels, findings }: RaisedAlert): boolean {
  const { pool } = labels;
  return (
    severities.some((severity) => severity === labels['severity']) &&
    (pools === undefined || (pool !== undefined && pools.some((pattern) => pattern.test(pool)))) &&
    (codes === undefined || findings.some(({ code }) => codes.includes(code)))
  );
}
