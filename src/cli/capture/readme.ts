import type { Recorded } from '../../io/record.ts';
import type { ToolState } from '../tool-versions.ts';

interface Capture {
  readonly version: string;
  readonly takenAt: number;
  readonly tools: readonly ToolState[];
  readonly recorded: readonly Recorded[];
  readonly scrambled: boolean;
}

/** What a captured host is, and what can be done with it. */
export function renderCaptureReadme({ version, takenAt, tools, recorded, scrambled }: Capture): string {
  const sources = [...new Set(recorded.map(({ place }) => place.source))].sort();
  return `# A captured host

Every reading that thinpool-exporter ${version} made of a host at ${new Date(takenAt).toISOString()}.

${tools.map(({ tool, version: found }) => `- ${tool.of}: ${found ?? 'not known'}`).join('\n')}
- names: ${scrambled ? 'replaced, the same one always by the same word' : 'as they are'}

One folder a source (${sources.join(', ')}), one reading a file: \`.txt\` is what was printed, \`.stderr\` and \`.exit\`
what was not ordinary, \`.failure\` why there is nothing.

\`\`\`sh
thinpool-exporter check --replay DIR
thinpool-exporter serve --replay DIR
\`\`\`
`;
}
