import { wrap } from '../../format/wrap.ts';
import type { Recorded } from '../../io/record.ts';

interface Capture {
  readonly version: string;
  readonly takenAt: number;
  readonly tools: readonly { readonly of: string; readonly version: string }[];
  readonly recorded: readonly Recorded[];
  /** The words that were kept; absent if the names are the original ones. */
  readonly kept?: readonly string[];
}

/** The README of a captured host: what it is, and how to use it. */
export function renderCaptureReadme({ version, takenAt, tools, recorded, kept }: Capture): string {
  const collectors = [...new Set(recorded.map(({ place }) => place.collector))].sort();
  return `# A captured host

Output of every query that thinpool-exporter ${version} ran on a host at ${new Date(takenAt).toISOString()}.

${tools.map(({ of, version: found }) => `- ${of}: ${found}`).join('\n')}
- names: ${kept === undefined ? 'original' : 'replaced, the same one by the same one in all files'}

One folder per collector (${collectors.join(', ')}), with these files per query: \`.txt\` is standard output, \`.stderr\` is
standard error and \`.exit\` the exit status (present only if not empty or not 0), \`.failure\` is why there is no output.

\`\`\`sh
thinpool-exporter check --replay DIR
thinpool-exporter serve --replay DIR
\`\`\`
${kept === undefined ? '' : renderKept(kept)}`;
}

function renderKept(kept: readonly string[]): string {
  return `
## Words kept

Sizes, counts, times and device numbers are original. Of the words, only these ${kept.length} are:

${wrap(kept.join(' '), '', 120)}
`;
}
