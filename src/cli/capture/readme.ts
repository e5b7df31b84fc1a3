import type { Recorded } from '../../io/record.ts';
import type { ToolState } from '../tool-versions.ts';

interface Capture {
  readonly version: string;
  readonly takenAt: number;
  readonly tools: readonly ToolState[];
  readonly recorded: readonly Recorded[];
  readonly scrambled: boolean;
}

/** The README of a captured host: what it is, and how to use it. */
export function renderCaptureReadme({ version, takenAt, tools, recorded, scrambled }: Capture): string {
  const collectors = [...new Set(recorded.map(({ place }) => place.collector))].sort();
  return `# A captured host

Output of every query that thinpool-exporter ${version} ran on a host at ${new Date(takenAt).toISOString()}.

${tools.map(({ tool, version: found }) => `- ${tool.of}: ${found ?? 'unknown'}`).join('\n')}
- names: ${scrambled ? 'replaced consistently' : 'original'}

One folder per collector (${collectors.join(', ')}), with these files per query: \`.txt\` is standard output, \`.stderr\` is
standard error and \`.exit\` the exit status (present only if not empty or not 0), \`.failure\` is why there is no output.

\`\`\`sh
thinpool-exporter check --replay DIR
thinpool-exporter serve --replay DIR
\`\`\`
`;
}
