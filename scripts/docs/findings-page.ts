import { formatDuration } from '../../src/format/duration.ts';
import { findingMetrics } from '../../src/metrics/finding.ts';
import { adviceOf, type Rule } from '../../src/rules/rule.ts';

/** The page of findings, from the rules. */
export function renderFindingsPage(rules: readonly Rule[]): string {
  const labels = findingMetrics[0]?.labels.join(',');
  return `# Findings

What the exporter judges itself, worst first. Generated from \`src/rules\`. Each shows as
\`thinpool_finding{${labels}} 1\`, at \`/api/v1/findings\`, on the status page and in
\`thinpool-exporter check\`. A pool is in one broken state at most: of the first nine only the worst is reported. A critical
state stays reported while newer queries do not return, marked by \`thinpool_finding_last_known\`. A finding fires an alert,
which has a runbook of the same name.

| finding | severity | alert and runbook |
|---|---|---|
${rules.map(renderRow).join('\n')}

${rules.map(renderRule).join('\n')}`;
}

function renderRow({ code, severity, escalates, alert }: Rule): string {
  const range = escalates === true ? `${severity} to critical` : severity;
  return `| [${code}](#${code}) | ${range} | [${alert}](../runbooks/${alert}.md) |`;
}

function renderRule(rule: Rule): string {
  const { code, severity, meaning, afterMs } = rule;
  const after = afterMs === undefined ? '' : `, once it has held for ${formatDuration(afterMs)}`;
  return `## ${code}\n\n*${severity}${after}.* ${meaning}\n\n**Do:** ${adviceOf(rule)}\n`;
}
