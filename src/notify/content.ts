import type { RaisedAlert } from '../alerting/alert.ts';
import { type Finding, type Severity, severities, targets } from '../model/finding.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { resources } from '../model/pool.ts';
import type { AlertContent, NotifiedFinding } from './notification.ts';

/** Limits of one notification, so that a queue of them has a limit too. */
const mostFindings = 5;
const longestTitle = 300;
const longestText = 600;

/** An alert as a notification reports it. */
export function contentOf({ labels, annotations, findings }: RaisedAlert): AlertContent {
  const { pool, collector, vg, alertname: alert } = labels;
  return {
    alert,
    severity: severityOf(labels['severity']),
    ...omitUndefined({
      pool,
      resource: resources.find((one) => one === labels['resource']),
      target: targets.find((one) => one === labels['target']),
      collector,
      vg,
    }),
    title: shorten(annotations['summary'] ?? alert, longestTitle),
    ...omitUndefined({ runbook: annotations['runbook_url'] }),
    findings: findings.slice(0, mostFindings).map(reported),
  };
}

function severityOf(label: string | undefined): Severity {
  return severities.find((one) => one === label) ?? 'critical';
}

function reported({ code, summary, advice, secondsLeft, lastKnown }: Finding): NotifiedFinding {
  return {
    code,
    summary: shorten(summary, longestText),
    advice: shorten(advice, longestText),
    ...omitUndefined({ secondsLeft }),
    ...(lastKnown === true && { lastKnown }),
  };
}

/** Whole characters only: half of one would be no valid text. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
